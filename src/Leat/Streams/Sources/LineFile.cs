using System.Text;

namespace Leat.Streams;

/// <summary>A text file, compressed or not, open for reading line by line.</summary>
internal sealed class LineFile : IDisposable
{
    private readonly string path;
    private readonly LineSplitter lines = new();
    private readonly FileStream file;
    private readonly System.Text.Encoding? encoding;
    private Stream? text;
    private bool ended;

    private LineFile(string path, FileStream file, System.Text.Encoding? encoding)
    {
        this.path = path;
        this.file = file;
        this.encoding = encoding;
    }

    /// <summary>The number of the line read last, counted from 1.</summary>
    public long Number => lines.Taken;

    private static ReadOnlySpan<byte> GzipMagic => [0x1F, 0x8B];

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file; gzip data are known by their first bytes.</param>
    /// <param name="encoding">What to read the text in; UTF-8 if null. Lines are given in UTF-8 all the same.</param>
    /// <exception cref="LeatException">There is no such file, or it can't be read.</exception>
    public static LineFile Open(string path, System.Text.Encoding? encoding)
    {
        try
        {
            return new LineFile(path, OpenFile(path), encoding);
        }
        catch (Exception error) when (IsAboutFile(error))
        {
            throw Explain(path, error);
        }
    }

    /// <summary>Reads the next line; a line that ends with the file counts.</summary>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        while (!lines.TryTake(out line))
        {
            if (ended || !TryFill())
            {
                ended = true;
                return lines.TryTakeRest(out line);
            }
        }

        return true;
    }

    /// <summary>The text of the line that was read last.</summary>
    /// <exception cref="LeatException">It is not in the encoding, and that is one which says so.</exception>
    public string TextOf(ReadOnlySpan<byte> line)
    {
        try
        {
            return (encoding as UTF8Encoding ?? System.Text.Encoding.UTF8).GetString(line);
        }
        catch (DecoderFallbackException error)
        {
            throw StreamErrors.BadText(path, lines.Taken, error);
        }
    }

    public void Dispose()
    {
        text?.Dispose();
        file.Dispose();
    }

    /// <summary>True for the exceptions by which the system says that a file is not as it should be.</summary>
    public static bool IsAboutFile(Exception error) => error is IOException or UnauthorizedAccessException;

    /// <summary>The error to tell when a file can't be opened or read.</summary>
    public static LeatException Explain(string path, Exception error) =>
        error is FileNotFoundException or DirectoryNotFoundException
            ? StreamErrors.FileMissing(path, error)
            : StreamErrors.FileUnreadable(path, error);

    private static FileStream OpenFile(string path) => new(path, new FileStreamOptions
    {
        Share = FileShare.ReadWrite | FileShare.Delete,
        BufferSize = 0,
        Options = FileOptions.SequentialScan,
    });

    private static Stream Decompress(Stream file)
    {
        byte[] magic = new byte[GzipMagic.Length];
        int count = file.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false);

        // Joined and not sought back, because a pipe can't seek.
        var whole = new JoinedStream(new MemoryStream(magic, 0, count), file);
        return magic.AsSpan(0, count).SequenceEqual(GzipMagic) ? new GunzipStream(whole) : whole;
    }

    private static Stream Decode(Stream bytes, System.Text.Encoding? encoding) =>
        encoding is null or UTF8Encoding ? bytes : System.Text.Encoding.CreateTranscodingStream(bytes, encoding, System.Text.Encoding.UTF8);

    private bool TryFill()
    {
        try
        {
            text ??= Decode(Decompress(file), encoding);
            int count = text.Read(lines.Room().Span);
            lines.Commit(count);
            return count > 0;
        }
        catch (InvalidDataException error)
        {
            throw StreamErrors.FileDamaged(path, lines.Taken, error);
        }
        catch (DecoderFallbackException error)
        {
            throw StreamErrors.BadText(path, lines.Taken + 1, error);
        }
        catch (Exception error) when (IsAboutFile(error))
        {
            throw Explain(path, error);
        }
    }
}
