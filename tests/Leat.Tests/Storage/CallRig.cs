using Leat.Storage;

namespace Leat.Tests.Storage;

/// <summary>A cache in a directory of its own, and calls to keep in it.</summary>
internal sealed class CallRig : IDisposable
{
    private static readonly Func<int, byte[]> Function = length => new byte[length];

    private readonly TemporaryDirectory folder = new();
    private readonly List<CacheEvent> events = [];

    public CallRig(CacheOptions? options = null)
    {
        Options = (options ?? new CacheOptions()) with { Events = events.Add };
        Cache = Cache.Directory(folder["cache"], Options);
    }

    public CacheOptions Options { get; }

    public Cache Cache { get; }

    public TemporaryDirectory Folder => folder;

    /// <summary>What was told.</summary>
    public IReadOnlyList<CacheEvent> Events => events;

    public static EncodedValue Encoded<T>(T value) => EncodedValue.Of(value, FileDigests.Shared);

    public static CallKey Key<T>(T argument) => new(FunctionIdentity.Of(Function, Function.Method.ReturnType, "make"), [Encoded(argument).Digest]);

    /// <summary>Another cache in the same directory, as another process has it.</summary>
    public Cache Another(CacheOptions? options = null) => Cache.Directory(Cache.Path, (options ?? new CacheOptions()) with { Events = events.Add });

    public void Store<TArgument, T>(TArgument argument, T value, Cache? cache = null) =>
        (cache ?? Cache).Store(Key(argument), Encoded(value), TimeSpan.FromSeconds(2), _ => $"{argument}");

    /// <summary>The value that is found, or the default one.</summary>
    public T? Find<TArgument, T>(TArgument argument, T? otherwise = default, Cache? cache = null) =>
        (cache ?? Cache).Find(Key(argument))?.Load() is { } found ? found.Decode<T>() : otherwise;

    /// <summary>The file of an entry.</summary>
    public string EntryOf<T>(T argument) => new CacheDirectory(Cache.Path).Entry(Key(argument).Digest);

    public IEnumerable<string> Files(string folderName) => Directory.Exists(Path.Combine(Cache.Path, folderName))
        ? Directory.EnumerateFiles(Path.Combine(Cache.Path, folderName), "*", SearchOption.AllDirectories)
        : [];

    public void Dispose() => folder.Dispose();
}
