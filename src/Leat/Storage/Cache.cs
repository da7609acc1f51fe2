using System.Collections.Immutable;
using Leat.Encoding;
using Leat.Storage;

namespace Leat;

/// <summary>Results of functions, kept in a directory that any number of processes and machines may share.</summary>
/// <remarks>
/// A cache may go to worker processes, with all of its options but <see cref="CacheOptions.Events"/> and
/// <see cref="CacheOptions.Clock"/>. In the key of a result it does not count.
/// </remarks>
[Codec(typeof(CacheCodec))]
public sealed partial class Cache
{
    private readonly CacheStore store;
    private readonly Flights flights;

    private Cache(string path, CacheOptions options)
    {
        Path = path;
        Options = options;
        store = new CacheStore(path, options);
        flights = Flights.In(path);
    }

    /// <summary>The directory, as an absolute path.</summary>
    public string Path { get; }

    /// <summary>How it works.</summary>
    public CacheOptions Options { get; }

    /// <summary>The digests of files, as this cache has seen them.</summary>
    internal FileDigests Files => store.Files;

    /// <summary>A cache in a directory, which is made when the first result is kept.</summary>
    /// <param name="path">The directory. It is made, with those above it; one that exists may be empty, or a cache.</param>
    /// <param name="options">How it works; by default without limits, unsigned, and never in the way of the work.</param>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    /// <exception cref="LeatException">An option is out of its range, or the directory is a newer Leat's or something else.</exception>
    public static Cache Directory(string path, CacheOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new CacheOptions();
        options.Check();
        string full = System.IO.Path.GetFullPath(path);
        try
        {
            new CacheDirectory(full).Check();
        }
        catch (Exception error) when (FileTrouble.IsOne(error))
        {
            // It is told when something is looked for in it.
        }
        return new Cache(full, options);
    }

    /// <summary>Finds the result of a call; null when there is none. Whatever is wrong with the directory is told, and is a miss.</summary>
    /// <exception cref="LeatException">The cache is required, and its directory can't be used.</exception>
    internal CachedValue? Find(CallKey key)
    {
        CachedValue? found = FindAgain(key);
        if (found is null) store.Counters.Miss();
        return found;
    }

    /// <summary>Looks once more for a call that was not found, because an equal one may just have ended; no miss is counted.</summary>
    /// <inheritdoc cref="Find"/>
    internal CachedValue? FindAgain(CallKey key)
    {
        if (store.Find(key.Digest) is not { } entry) return null;
        store.Counters.Hit();
        return new CachedValue(store, entry);
    }

    /// <summary>Keeps the result of a call. Whatever is wrong with the directory is told, and the result is not kept.</summary>
    /// <param name="key">The call.</param>
    /// <param name="value">Its result.</param>
    /// <param name="time">How long the function took.</param>
    /// <param name="arguments">Tells an argument in a few words, by its index.</param>
    /// <returns>What was kept; null if it was not.</returns>
    /// <exception cref="LeatException">The cache is required, and its directory can't be used.</exception>
    internal CachedValue? Store(CallKey key, EncodedValue value, TimeSpan time, Func<int, string> arguments) =>
        store.Store(key, value, time, arguments) is { } entry ? new CachedValue(store, entry) : null;

    /// <summary>
    /// True when the files that an argument names, or that a function has captured, are as they were when it was encoded. A
    /// result that was made while they changed is not to be kept, and it is told.
    /// </summary>
    /// <param name="files">The files.</param>
    /// <param name="name">What people call the function.</param>
    private bool AreUnchanged(ImmutableArray<FileState> files, string name)
    {
        if (files.IsEmpty || files.FirstOrDefault(file => !FileDigests.IsUnchanged(file)) is not { } changed) return true;
        store.Voice.NotKept(name, $"the file '{changed.Path}' was written to while the function ran");
        return false;
    }

    /// <summary>True when all that a result follows from is as it was when its key was made; else it is told.</summary>
    /// <param name="function">The function.</param>
    /// <param name="arguments">Its arguments, those at least that name files.</param>
    /// <param name="name">What people call the function.</param>
    internal bool MayKeep(FunctionIdentity function, IEnumerable<EncodedValue> arguments, string name)
    {
        if (!AreUnchanged(function.Files, name) || !arguments.All(argument => AreUnchanged(argument.Files, name))) return false;
        if (function.IsStillSo(Files)) return true;
        store.Voice.NotKept(name, "what it has captured was changed while it ran");
        return false;
    }

    /// <summary>
    /// True for the first of equal calls, who has to complete the flight; the others wait for it, and look into the cache
    /// before they fly themselves.
    /// </summary>
    internal bool TryFly(Digest key, out Flight flight) => flights.TryFly(key, out flight);

    /// <summary>As long as this is not disposed, nothing is collected that was found or stored since, by whatever process.</summary>
    internal IDisposable Hold() => store.Holds.Begin();

    /// <summary>Says why calls were not found.</summary>
    /// <param name="except">Keys that are left out, because they have come since.</param>
    internal MissExplainer ExplainMisses(IReadOnlySet<Digest> except) => new(store, except);
}
