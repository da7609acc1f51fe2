using Leat.Encoding;
using Leat.Storage;

namespace Leat;

/// <summary>Results of functions, kept in a directory that any number of processes and machines may share.</summary>
public sealed class Cache
{
    private Cache(string path, CacheOptions options)
    {
        Path = path;
        Options = options;
    }

    /// <summary>The directory.</summary>
    public string Path { get; }

    /// <summary>How it works.</summary>
    public CacheOptions Options { get; }

    /// <summary>The digests of files, as this cache has seen them.</summary>
    internal FileDigests Files { get; } = new();

    /// <summary>A cache in a directory, which is made when the first result is kept.</summary>
    public static Cache Directory(string path, CacheOptions? options = null) => new(path, options ?? new CacheOptions());

    /// <summary>Finds the result of a call; null when there is none. Whatever is wrong with the directory is told, and is a miss.</summary>
    /// <exception cref="LeatException">The cache is required, and its directory can't be used.</exception>
    internal CachedValue? Find(CallKey key) => throw new NotImplementedException();

    /// <summary>Keeps the result of a call. Whatever is wrong with the directory is told, and the result is not kept.</summary>
    /// <param name="key">The call.</param>
    /// <param name="value">Its result.</param>
    /// <param name="time">How long the function took.</param>
    /// <param name="arguments">Tells an argument in a few words, by its index.</param>
    /// <exception cref="LeatException">The cache is required, and its directory can't be used.</exception>
    internal void Store(CallKey key, EncodedValue value, TimeSpan time, Func<int, string> arguments) => throw new NotImplementedException();

    /// <summary>As long as this is not disposed, nothing is collected that was found or stored since, by whatever process.</summary>
    internal IDisposable Hold() => throw new NotImplementedException();

    /// <summary>Says why calls were not found.</summary>
    /// <param name="except">Keys that are left out, because they have come since.</param>
    internal MissExplainer ExplainMisses(IReadOnlySet<Digest> except) => throw new NotImplementedException();
}

/// <summary>How a cache works.</summary>
public sealed record CacheOptions;
