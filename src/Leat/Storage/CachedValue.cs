using Leat.Encoding;

namespace Leat.Storage;

/// <summary>A result that a cache has found.</summary>
internal sealed class CachedValue
{
    private readonly CacheStore store;
    private readonly EntryRecord entry;

    public CachedValue(CacheStore store, EntryRecord entry)
    {
        this.store = store;
        this.entry = entry;
        Digest = entry.Result;
        Time = entry.Time;
        Kept = entry.Kept;
    }

    /// <summary>What it is in keys.</summary>
    public Digest Digest { get; init; }

    /// <summary>How long the function took, when it ran.</summary>
    public TimeSpan Time { get; init; }

    /// <summary>When it was kept.</summary>
    public DateTimeOffset Kept { get; init; }

    /// <summary>True when the bytes are here; false when they are still in the store, and might be gone when they are asked for.</summary>
    public bool IsAtHand => entry.IsInline && !entry.Files.Any(file => file.IsOutput);

    /// <summary>Where the bytes are, for a process that may see the store; null where they are in the entry, or files belong to them.</summary>
    public StoredObject? Stored => entry.IsInline || !entry.Files.IsEmpty ? null : store.Objects.Refer(entry.Object, entry.Length);

    /// <summary>
    /// Loads the bytes, checks them, and puts the files that the function has made back where they are missing or different.
    /// Null when that can't be, because they were removed or damaged: what was damaged is put aside and told.
    /// </summary>
    public EncodedValue? Load()
    {
        try
        {
            byte[]? loaded = entry.IsInline ? [] : store.Objects.Load(entry.Object, entry.Length);
            if (loaded is null || !entry.Files.Where(file => file.IsOutput).All(PutBack))
            {
                store.Counters.Fail();
                return null;
            }
            return new EncodedValue(entry.IsInline ? entry.Inline : loaded, entry.Result, [.. entry.Files.Select(AsItIs)]);
        }
        catch (Exception error) when (FileTrouble.IsOne(error))
        {
            store.Counters.Fail();
            store.Voice.Unusable("a result can't be loaded from it", error);
            return null;
        }
    }

    // Where that can't be, the function runs again, and says itself what is wrong with the place.
    private bool PutBack(FileState file)
    {
        try
        {
            return IsInPlace(file) || store.Objects.CopyTo(file.Content, Path.GetFullPath(file.Path));
        }
        catch (Exception error) when (FileTrouble.IsOne(error))
        {
            store.Voice.NotPutBack(file.Path, error);
            return false;
        }
    }

    private bool IsInPlace(FileState file)
    {
        try
        {
            return FileStamp.Of(Path.GetFullPath(file.Path)) is { } stamp && stamp.Size == file.Size
                && store.Files.StateOf(file.Path, isOutput: true).Content == file.Content;
        }
        catch (LeatException)
        {
            return false;
        }
    }

    // With the time that it has here and now.
    private static FileState AsItIs(FileState file) =>
        FileStamp.Of(Path.GetFullPath(file.Path)) is { } stamp ? file with { Size = stamp.Size, Written = stamp.Written } : file;
}
