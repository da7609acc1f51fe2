using System.Collections.Immutable;
using Leat.Encoding;

namespace Leat.Storage;

/// <summary>A value as bytes, for transport and for keeping, and what it is in keys.</summary>
/// <param name="Bytes">Its bytes, as <see cref="BinaryEncoding"/> writes them.</param>
/// <param name="Digest">
/// What it is in keys: the digest of its bytes, but for files in it, which count by name and content and not by their folder.
/// </param>
/// <param name="Files">The files that it names, as they were when it was encoded.</param>
internal sealed record EncodedValue(ReadOnlyMemory<byte> Bytes, Digest Digest, ImmutableArray<FileState> Files)
{
    /// <summary>Encodes a value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="files">Knows the digests of files.</param>
    /// <exception cref="LeatException">It can't be encoded, or a file that it names can't be read.</exception>
    public static EncodedValue Of<T>(T value, FileDigests files)
    {
        var context = FileContext.ForTransport(files);
        byte[] bytes = BinaryEncoding.Encode(value, context);
        return context.Seen is { } seen
            ? new EncodedValue(bytes, BinaryEncoding.DigestOf(value, context.ToDigest()), seen)
            : new EncodedValue(bytes, Digest.Of(bytes), []);
    }

    /// <summary>The value again.</summary>
    /// <exception cref="EncodingException">The bytes are not those of a <typeparamref name="T"/>.</exception>
    public T Decode<T>() => BinaryEncoding.Decode<T>(Bytes);
}
