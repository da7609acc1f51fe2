using Leat.Encoding;

namespace Leat.Storage;

/// <summary>Contents under their digests: names that never mean anything else.</summary>
internal sealed class ObjectStore(CacheDirectory directory, CacheOptions options, Quarantine quarantine)
{
    /// <summary>True when there is an object of a length; its content is looked at when it is loaded.</summary>
    public bool Has(Digest content, long length)
    {
        string place = directory.Object(content);
        if (HasAt(place, length)) return true;
        if (File.Exists(place)) quarantine.Take(place, Fault.OtherContent);
        return false;
    }

    /// <summary>An object as others may find it.</summary>
    public StoredObject Refer(Digest content, long length) => new(Path.GetFullPath(directory.Object(content)), content, length);

    /// <summary>Keeps bytes; returns how many were written.</summary>
    public long Store(Digest content, ReadOnlyMemory<byte> bytes)
    {
        string place = directory.Object(content);
        if (Keep(place, bytes.Length)) return 0;
        directory.Writing(place, () => AtomicFile.Write(place, bytes.Span, options.Flush));
        return bytes.Length;
    }

    /// <summary>Keeps a copy of a file; null if it is no longer what it was, and else how many bytes were written.</summary>
    public long? StoreFile(FileState file)
    {
        string place = directory.Object(file.Content);
        if (Keep(place, file.Size)) return 0;
        string source = Path.GetFullPath(file.Path);
        if (!File.Exists(source)) return null;
        bool isSame = false;
        directory.Writing(place, () => isSame = AtomicFile.Copy(source, place, file.Content, options.Flush));
        return isSame ? file.Size : null;
    }

    /// <summary>The bytes of an object; null if it is gone, or damaged, which is told.</summary>
    public byte[]? Load(Digest content, long length)
    {
        string place = directory.Object(content);
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(place);
        }
        catch (Exception error) when (FileTrouble.IsGone(error))
        {
            return null;
        }
        if (bytes.Length == length && Digest.Of(bytes) == content) return bytes;
        quarantine.Take(place, Fault.OtherContent);
        return null;
    }

    /// <summary>Puts a copy of an object at a path; false if it is gone, or damaged, which is told.</summary>
    public bool CopyTo(Digest content, string path)
    {
        string place = directory.Object(content);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            if (AtomicFile.Copy(place, path, content, flush: false)) return true;
        }
        catch (Exception error) when (FileTrouble.IsGone(error))
        {
            return false;
        }
        quarantine.Take(place, Fault.OtherContent);
        return false;
    }

    // So that no collector takes it for an old one that nobody names.
    private static bool Keep(string place, long length) => HasAt(place, length) && FileTouch.Now(place);

    private static bool HasAt(string place, long length)
    {
        var file = new FileInfo(place);
        return file.Exists && file.Length == length;
    }
}
