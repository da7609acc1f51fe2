using Leat.Encoding;

namespace Leat.Storage;

/// <summary>A file as it was at a moment.</summary>
/// <param name="Path">Its path, as the author gave it.</param>
/// <param name="Size">Bytes in it.</param>
/// <param name="Written">When it was last written to.</param>
/// <param name="Content">The digest of its content.</param>
/// <param name="IsOutput">True when a function has made it, so that a cache keeps its content.</param>
internal sealed record FileState(string Path, long Size, DateTime Written, Digest Content, bool IsOutput);
