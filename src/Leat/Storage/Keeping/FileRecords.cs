using Leat.Encoding;

namespace Leat.Storage;

/// <summary>Keeps the digests of files in a cache's directory. Each machine has its own, as a path may lead elsewhere there.</summary>
internal sealed class FileRecords(CacheDirectory directory, CacheOptions options, Seal seal) : IFileRecords
{
    public Digest? Find(string path, FileStamp stamp)
    {
        try
        {
            if (SmallFile.TryRead(Place(path)) is not { } bytes || seal.Open(SealedKind.FileDigest, bytes, out ReadOnlyMemory<byte> content) != Fault.None) return null;
            var reader = new EncodingReader(content);
            bool isSame = reader.ReadValue<string>() == Environment.MachineName && reader.ReadValue<string>() == path
                && reader.Read<long>() == stamp.Size && reader.Read<long>() == stamp.Written.Ticks && reader.Read<long>() == stamp.Changed.Ticks;
            return isSame ? reader.ReadDigest() : null;
        }
        catch (Exception error) when (FileTrouble.IsOne(error) || error is EncodingException)
        {
            // The file itself can still be read.
            return null;
        }
    }

    public void Keep(string path, FileStamp stamp, Digest content)
    {
        if (options.ReadOnly) return;
        var writer = new EncodingWriter();
        writer.WriteValue(Environment.MachineName);
        writer.WriteValue(path);
        writer.Write(stamp.Size);
        writer.Write(stamp.Written.Ticks);
        writer.Write(stamp.Changed.Ticks);
        writer.WriteDigest(content);
        byte[] bytes = seal.Close(SealedKind.FileDigest, writer.Written);
        string place = Place(path);
        try
        {
            directory.Writing(place, () => AtomicFile.Write(place, bytes, flush: false));
        }
        catch (Exception error) when (FileTrouble.IsOne(error) || error is LeatException)
        {
            // Then it is read again by the next process; that nothing can be kept is told when results can't.
        }
    }

    private string Place(string path) => directory.FileRecord(Digest.OfText($"{Environment.MachineName}\n{path}"));
}
