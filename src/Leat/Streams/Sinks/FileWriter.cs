using System.Buffers;
using System.IO.Compression;

namespace Leat.Streams;

/// <summary>Writes items to a file that appears when the run has ended well.</summary>
/// <param name="path">The file; it is compressed if its name ends in <c>.gz</c>.</param>
/// <param name="encode">Writes one item.</param>
internal sealed class FileWriter<T>(string path, Action<T, IBufferWriter<byte>> encode) : SinkWriter<T>
{
    private const int WriteSize = 64 * 1024;

    private readonly SinkFile file = SinkFile.Create(path);
    private readonly ArrayBufferWriter<byte> buffer = new(2 * WriteSize);
    private GZipStream? gzip;

    // What gzip makes of nothing. GZipStream makes nothing of it, which no other program takes for compressed data.
    private static ReadOnlySpan<byte> EmptyMember => [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    private bool IsCompressed { get; } = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);

    public override ValueTask WriteAsync(T item, CancellationToken cancellationToken)
    {
        encode(item, buffer);
        if (buffer.WrittenCount >= WriteSize)
        {
            WriteOut();
        }

        return ValueTask.CompletedTask;
    }

    public override ValueTask FlushAsync()
    {
        if (file.IsLive)
        {
            WriteOut();
        }

        return ValueTask.CompletedTask;
    }

    public override ValueTask PrepareAsync()
    {
        WriteOut();
        WriteEnd();
        file.Prepare();
        return ValueTask.CompletedTask;
    }

    public override ValueTask EndAsync(bool well, Exception? error)
    {
        if (well)
        {
            file.Commit();
        }
        else
        {
            file.Abandon();
        }

        return ValueTask.CompletedTask;
    }

    private void WriteEnd()
    {
        try
        {
            if (gzip is not null)
            {
                gzip.Dispose();
            }
            else if (IsCompressed)
            {
                file.Stream.Write(EmptyMember);
            }
        }
        catch (Exception error) when (LineFile.IsAboutFile(error))
        {
            throw StreamErrors.FileUnwritable(path, error);
        }
    }

    private void WriteOut()
    {
        if (buffer.WrittenCount == 0)
        {
            return;
        }

        try
        {
            Stream content = IsCompressed ? gzip ??= new GZipStream(file.Stream, CompressionLevel.Optimal, leaveOpen: true) : file.Stream;
            content.Write(buffer.WrittenSpan);
            buffer.ResetWrittenCount();
        }
        catch (Exception error) when (LineFile.IsAboutFile(error))
        {
            throw StreamErrors.FileUnwritable(path, error);
        }
    }
}
