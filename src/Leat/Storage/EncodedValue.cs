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
    public static EncodedValue Of<T>(T value, FileDigests files) => throw new NotImplementedException();

    /// <summary>The value again.</summary>
    /// <exception cref="EncodingException">The bytes are not those of a <typeparamref name="T"/>.</exception>
    public T Decode<T>() => BinaryEncoding.Decode<T>(Bytes);
}

/// <summary>A file as it was at a moment.</summary>
/// <param name="Path">Its path, as the author gave it.</param>
/// <param name="Size">Bytes in it.</param>
/// <param name="Written">When it was last written to.</param>
/// <param name="Content">The digest of its content.</param>
/// <param name="IsOutput">True when a function has made it, so that a cache keeps its content.</param>
internal sealed record FileState(string Path, long Size, DateTime Written, Digest Content, bool IsOutput);

/// <summary>Knows the digests of the contents of files; a file is read again only when its size or time has changed.</summary>
internal sealed class FileDigests
{
}
