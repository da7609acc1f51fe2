using Leat.Encoding;

namespace Leat.Storage;

/// <summary>Bytes in a store, as they are told to a process that may see it as well.</summary>
/// <param name="Place">The absolute path of the file.</param>
/// <param name="Content">Their digest.</param>
/// <param name="Length">How many there are.</param>
internal readonly record struct StoredObject(string Place, Digest Content, long Length)
{
    /// <summary>The bytes; null where they are not to be seen, or are others.</summary>
    public byte[]? TryLoad()
    {
        try
        {
            return new FileInfo(Place) is { Exists: true } file && file.Length == Length && File.ReadAllBytes(Place) is var bytes && Digest.Of(bytes) == Content ? bytes : null;
        }
        catch (Exception error) when (FileTrouble.IsOne(error))
        {
            return null;
        }
    }
}
