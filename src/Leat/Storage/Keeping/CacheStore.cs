using Leat.Encoding;

namespace Leat.Storage;

/// <summary>Finds and keeps the results of calls in a directory.</summary>
internal sealed class CacheStore
{
    private readonly CacheDirectory directory;
    private readonly CacheOptions options;
    private readonly CacheVoice voice;
    private readonly Seal seal;
    private readonly Quarantine quarantine;

    public CacheStore(string path, CacheOptions options)
    {
        directory = new CacheDirectory(path);
        this.options = options;
        voice = new CacheVoice(path, options);
        seal = new Seal(options.SigningKey);
        quarantine = new Quarantine(directory, options, voice);
        Objects = new ObjectStore(directory, options, quarantine);
        Holds = new Holds(directory, options, voice);
        Functions = new FunctionRecords(directory, options, seal);
        Schedule = new CollectorSchedule(this, options);
        Files = new FileDigests(new FileRecords(directory, options, seal));
    }

    public CacheDirectory Directory => directory;

    public CacheVoice Voice => voice;

    public CacheCounters Counters { get; } = new();

    public ObjectStore Objects { get; }

    public Holds Holds { get; }

    public FunctionRecords Functions { get; }

    public CollectorSchedule Schedule { get; }

    public FileDigests Files { get; }

    /// <summary>The entry of a key; null where there is none that is good. Files in its value are as they were, or can be put back.</summary>
    public EntryRecord? Find(Digest key)
    {
        try
        {
            string place = directory.Entry(key);
            if (Read(place, key) is not { } entry || !IsWhole(entry)) return null;
            if (!options.ReadOnly) Holds.Use(place, entry.Kept);
            return entry;
        }
        catch (Exception error) when (FileTrouble.IsOne(error))
        {
            Counters.Fail();
            voice.Unusable("a result can't be looked up in it", error);
            return null;
        }
    }

    /// <summary>Reads an entry to see what it names, whoever signed it; null where there is none.</summary>
    public static EntryRecord? Peek(string place)
    {
        try
        {
            return SmallFile.TryRead(place) is { } bytes && Seal.ContentOf(SealedKind.Entry, bytes) is { } content ? Parse(content) : null;
        }
        catch (Exception error) when (FileTrouble.IsOne(error))
        {
            return null;
        }
    }

    /// <summary>Reads an entry, and puts it aside if it is damaged.</summary>
    public EntryRecord? Read(string place, Digest key)
    {
        if (SmallFile.TryRead(place) is not { } bytes) return null;
        Fault fault = seal.Open(SealedKind.Entry, bytes, out ReadOnlyMemory<byte> content);
        EntryRecord? entry = fault == Fault.None ? Parse(content) : null;
        if (fault == Fault.None) fault = entry is null ? Fault.Damaged : entry.Key != key ? Fault.OtherKey : Fault.None;
        if (fault == Fault.None) return entry;
        Counters.Fail();
        quarantine.Take(place, fault);
        return null;
    }

    /// <summary>Keeps an entry; null if that can't be.</summary>
    public EntryRecord? Store(CallKey key, EncodedValue value, TimeSpan time, Func<int, string> arguments)
    {
        if (options.ReadOnly) return null;
        try
        {
            long written = 0;
            foreach (FileState file in value.Files.Where(each => each.IsOutput))
            {
                if (Objects.StoreFile(file) is not { } bytes)
                {
                    voice.NotKept(key.Function.Name, $"its file '{file.Path}' was written to after the function had returned");
                    return null;
                }
                written += bytes;
            }
            bool isInline = value.Bytes.Length <= EntryRecord.LargestInline;
            // Of a value without files the two digests are the same.
            Digest content = isInline ? default : value.Files.IsEmpty ? value.Digest : Digest.Of(value.Bytes.Span);
            if (!isInline) written += Objects.Store(content, value.Bytes);
            EntryRecord entry = Entry(key, value, time, arguments, content);
            byte[] sealedEntry = seal.Close(SealedKind.Entry, entry.Write());
            string place = directory.Entry(key.Digest);
            directory.Writing(place, () => AtomicFile.Write(place, sealedEntry, options.Flush));
            Functions.Keep(key.Function);
            Counters.Store();
            Schedule.Notice(written + sealedEntry.Length);
            return entry;
        }
        catch (Exception error) when (FileTrouble.IsOne(error) || error is LeatException)
        {
            Counters.Fail();
            voice.Unusable("a result can't be kept in it", error);
            return null;
        }
    }

    /// <summary>All entries that are good, while others add and remove some.</summary>
    public IEnumerable<(CacheFile File, EntryRecord Entry)> All()
    {
        foreach (CacheFile file in CacheFiles.Below(directory.Entries))
        {
            EntryRecord? entry = null;
            try
            {
                entry = Read(file.Path, file.Digest!.Value);
            }
            catch (Exception error) when (FileTrouble.IsOne(error))
            {
                voice.Unusable("its entries can't be read", error);
            }
            if (entry is not null) yield return (file, entry);
        }
    }

    private EntryRecord Entry(CallKey key, EncodedValue value, TimeSpan time, Func<int, string> arguments, Digest content) => new()
    {
        Key = key.Digest,
        Function = key.Function.Digest,
        Result = value.Digest,
        Kept = options.Clock.GetUtcNow(),
        Time = time,
        IsInline = content == default,
        Inline = content == default ? value.Bytes : default,
        Object = content,
        Length = value.Bytes.Length,
        Files = value.Files,
        Name = EntryRecord.Shorten(key.Function.Name),
        Machine = Environment.MachineName,
        Arguments = [.. key.Arguments.Select((digest, index) => new ArgumentRecord(digest, Text(arguments, index)))],
    };

    // The author's ToString may throw.
    private static string Text(Func<int, string> arguments, int index)
    {
        try
        {
            return EntryRecord.Shorten(arguments(index) ?? "");
        }
        catch (Exception)
        {
            return "?";
        }
    }

    private static EntryRecord? Parse(ReadOnlyMemory<byte> content)
    {
        try
        {
            return EntryRecord.Read(content);
        }
        catch (Exception error) when (error is EncodingException or OverflowException or ArgumentException)
        {
            return null;
        }
    }

    private bool IsWhole(EntryRecord entry)
    {
        if (entry.IsInline && entry.Files.IsEmpty) return true;
        return entry.Objects.All(each => Objects.Has(each.Content, each.Length))
            && entry.Files.Where(file => !file.IsOutput).All(IsAsItWas);
    }

    // What a result says of a file that is not kept with it holds only as long as the file does.
    private bool IsAsItWas(FileState file)
    {
        try
        {
            return Files.StateOf(file.Path, isOutput: false).Content == file.Content;
        }
        catch (LeatException)
        {
            return false;
        }
    }
}
