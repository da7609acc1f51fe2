using System.IO.Compression;

namespace Leat.Streams;

/// <summary>
/// Reads gzip data of one or more members, and throws <see cref="InvalidDataException"/> when they are damaged or
/// end too early.
/// </summary>
/// <remarks>
/// <see cref="GZipStream"/> takes data that end in the middle of a member for whole: it tells nobody whether its
/// member was complete. So one more member stands behind the file's own. Where the file is whole, that member's text
/// is read last; where it is not, those bytes are taken for the continuation of what was cut off, and the text does
/// not come out.
/// </remarks>
internal sealed class GunzipStream : ReadOnlyStream
{
    private const int SentinelPart = 1;

    private static readonly byte[] Sentinel = Compress("the file was whole"u8);

    private readonly JoinedStream compressed;
    private readonly GZipStream gzip;
    private bool ended;

    /// <summary>Reads compressed data.</summary>
    /// <param name="compressed">The data; it is disposed with this.</param>
    public GunzipStream(Stream compressed)
    {
        this.compressed = new JoinedStream(compressed, new MemoryStream(Sentinel));
        gzip = new GZipStream(this.compressed, CompressionMode.Decompress);
    }

    private static ReadOnlySpan<byte> SentinelText => "the file was whole"u8;

    public override int Read(Span<byte> buffer)
    {
        if (ended || buffer.IsEmpty)
        {
            return 0;
        }

        int count = Inflate(buffer);

        // The decompressor asks for more only when it has given all that it could make of what it had, so what comes
        // once it was given the last member can be nothing else.
        if (compressed.Part == SentinelPart)
        {
            CheckSentinel(buffer[..count]);
            count = 0;
        }

        ended = count == 0;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            gzip.Dispose();
            compressed.Dispose();
        }

        base.Dispose(disposing);
    }

    private void CheckSentinel(ReadOnlySpan<byte> first)
    {
        Span<byte> all = stackalloc byte[SentinelText.Length + 1];
        int count = Math.Min(first.Length, all.Length);
        first[..count].CopyTo(all);
        for (int more = 1; more > 0 && count < all.Length; count += more)
        {
            more = Inflate(all[count..]);
        }

        if (!all[..count].SequenceEqual(SentinelText))
        {
            throw new InvalidDataException("The compressed data end too early.");
        }
    }

    // The decompressor's own message speaks of archive entries, whatever the fault.
    private int Inflate(Span<byte> buffer)
    {
        try
        {
            return gzip.Read(buffer);
        }
        catch (InvalidDataException error)
        {
            string fault = compressed.Part == SentinelPart ? "end too early" : "are damaged";
            throw new InvalidDataException($"The compressed data {fault}.", error);
        }
    }

    private static byte[] Compress(ReadOnlySpan<byte> text)
    {
        using var data = new MemoryStream();
        using (var compressor = new GZipStream(data, CompressionLevel.Fastest))
        {
            compressor.Write(text);
        }

        return data.ToArray();
    }
}
