using Leat.Storage;

namespace Leat.Jobs;

/// <summary>A file that is on its way: under another name, and locked, until all of it is there.</summary>
/// <param name="file">The file.</param>
/// <param name="between">The name until then.</param>
internal sealed class IncomingFile(HostFile file, string between) : IDisposable
{
    private readonly FileStream stream = new(between, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0 });
    private long received;

    public HostFile File => file;

    /// <summary>Takes a part. Parts may overtake each other.</summary>
    /// <returns>True when all of it has come.</returns>
    public bool Write(ReadOnlySpan<byte> bytes, long offset)
    {
        RandomAccess.Write(stream.SafeFileHandle, bytes, offset);
        received += bytes.Length;
        return received >= file.Length;
    }

    /// <summary>Sees whether all of it is there.</summary>
    /// <returns>The name that it still has, to be given another.</returns>
    /// <exception cref="InvalidDataException">It is not what its digest says.</exception>
    public string Complete()
    {
        stream.Dispose();
        return FileContent.DigestOf(between) == file.Content ? between : throw new InvalidDataException($"'{file.Path}' has changed while it was sent, or on its way.");
    }

    /// <summary>Removes what is still under the first name.</summary>
    public void Dispose()
    {
        stream.Dispose();
        System.IO.File.Delete(between);
    }
}
