using Leat.Encoding;

namespace Leat.Storage;

/// <summary>Digests as the 32 bytes of their hash, in its order.</summary>
internal static class DigestBytes
{
    public static void WriteDigest(this EncodingWriter writer, Digest digest)
    {
        digest.CopyTo(writer.Reserve(Digest.Size));
        writer.Advance(Digest.Size);
    }

    public static Digest ReadDigest(this EncodingReader reader) => new(reader.Take(Digest.Size));
}
