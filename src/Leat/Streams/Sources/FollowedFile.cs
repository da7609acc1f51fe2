using Microsoft.Win32.SafeHandles;

namespace Leat.Streams;

/// <summary>What has become of a followed file since it was read to its end.</summary>
internal enum FileChange
{
    /// <summary>At most, it has grown.</summary>
    None,

    /// <summary>What was read from it is gone: it was cut short or written anew.</summary>
    Rewritten,

    /// <summary>Another file stands in its place.</summary>
    Replaced,
}

/// <summary>
/// The file of which a path is the name, read as it grows: the one that is open now, and the one that stands at the
/// path by now.
/// </summary>
/// <param name="path">The path; there may be no file, or a link to one.</param>
internal sealed class FollowedFile(string path) : IDisposable
{
    private const int LongestAnchor = 64;

    // The last bytes that were read. A file that has other bytes there by now was written anew, even if it is longer.
    private readonly byte[] anchor = new byte[LongestAnchor];
    private int anchorLength;
    private long position;
    private SafeFileHandle? current;
    private SafeFileHandle? next;

    /// <summary>Reads on; 0 at the end of what is there by now.</summary>
    public int Read(Span<byte> buffer)
    {
        current ??= Open();
        if (current is null)
        {
            return 0;
        }

        int count = Read(current, buffer, position);
        if (count > 0)
        {
            position += count;
            anchorLength = Math.Min(count, LongestAnchor);
            buffer.Slice(count - anchorLength, anchorLength).CopyTo(anchor);
        }

        return count;
    }

    /// <summary>Looks what has become of the file. A file that is rewritten is read from its start from now on.</summary>
    /// <remarks>
    /// A new file is no replacement while it is empty. Until something stands in it, the old one may still be written to: a
    /// log is rotated first, and its writer told afterwards.
    /// </remarks>
    public FileChange Look()
    {
        if (current is null)
        {
            return FileChange.None;
        }

        if (IsRewritten(current))
        {
            position = 0;
            anchorLength = 0;
            return FileChange.Rewritten;
        }

        next ??= Open();
        if (next is not null && FileIdentity.Of(next) != FileIdentity.Of(current) && RandomAccess.GetLength(next) > 0)
        {
            return FileChange.Replaced;
        }

        next?.Dispose();
        next = null;
        return FileChange.None;
    }

    /// <summary>Goes on with the file that has replaced the one that was read so far.</summary>
    public void Switch()
    {
        current?.Dispose();
        current = next;
        next = null;
        position = 0;
        anchorLength = 0;
    }

    public void Dispose()
    {
        current?.Dispose();
        next?.Dispose();
    }

    private bool IsRewritten(SafeFileHandle file)
    {
        Span<byte> now = stackalloc byte[LongestAnchor];
        now = now[..anchorLength];
        return RandomAccess.GetLength(file) < position
            || Read(file, now, position - anchorLength) < anchorLength
            || !now.SequenceEqual(anchor.AsSpan(0, anchorLength));
    }

    private int Read(SafeFileHandle file, Span<byte> buffer, long offset)
    {
        try
        {
            return RandomAccess.Read(file, buffer, offset);
        }
        catch (Exception error) when (LineFile.IsAboutFile(error))
        {
            throw LineFile.Explain(path, error);
        }
    }

    // Null when there is no such file now.
    private SafeFileHandle? Open()
    {
        try
        {
            // Asked first, because an exception ten times a second is a nuisance to whoever debugs.
            return Path.Exists(path) ? File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete) : null;
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception error) when (LineFile.IsAboutFile(error))
        {
            throw LineFile.Explain(path, error);
        }
    }
}
