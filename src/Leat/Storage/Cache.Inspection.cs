using Leat.Storage;

namespace Leat;

/// <content>What is in it.</content>
public sealed partial class Cache
{
    /// <summary>Counts what is in the directory, which takes a look at each file's name and size.</summary>
    public CacheStatistics Statistics()
    {
        CacheDirectory directory = store.Directory;
        (long entries, long entryBytes) = Count(CacheFiles.Below(directory.Entries));
        (long objects, long objectBytes) = Count(CacheFiles.Below(directory.Objects));
        long others = Count(CacheFiles.In(directory.Functions)).Bytes + Count(CacheFiles.Below(directory.Files)).Bytes;
        CacheCounters counters = store.Counters;
        return new CacheStatistics
        {
            Entries = entries,
            Objects = objects,
            Bytes = entryBytes + objectBytes + others,
            Hits = counters.Hits,
            Misses = counters.Misses,
            Stored = counters.Stored,
            Failures = counters.Failures,
        };
    }

    /// <summary>All results that are kept, in no order. Others may add and remove some meanwhile.</summary>
    public IEnumerable<CacheEntry> List() => store.All().Select(found => Told(found.Entry, found.File.Used));

    /// <summary>Says whether the result of a call is kept, and if not, what is new about the call. The function does not run.</summary>
    /// <param name="function">The function, or one that <c>Wrap</c> has returned for it.</param>
    /// <param name="arguments">Its arguments, without a <see cref="CancellationToken"/> at the end.</param>
    /// <exception cref="ArgumentException">They are not as many as the function takes, or of other types.</exception>
    /// <exception cref="LeatException">The function or an argument can't be part of a key.</exception>
    public CacheExplanation Explain(Delegate function, params object?[] arguments)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(arguments);
        Type[] types = BoxedArguments.TypesOf(function);
        if (types.Length != arguments.Length) throw StorageErrors.OtherArguments(nameof(arguments), types.Length, arguments.Length);
        for (int i = 0; i < types.Length; i++)
        {
            bool fits = arguments[i] is { } some ? types[i].IsInstanceOfType(some) : !types[i].IsValueType || Nullable.GetUnderlyingType(types[i]) is not null;
            if (!fits) throw StorageErrors.OtherArgument(nameof(arguments), i, types[i], arguments[i]);
        }
        CallKey key = new(
            FunctionIdentity.Of(function, ResultOf(function), FunctionName.Of(function), Files),
            [.. types.Select((type, index) => BoxedArguments.Of(type, arguments[index], Files).Digest)]);
        if (store.Find(key.Digest) is { } entry) return new CacheExplanation(true, "its result is kept", Told(entry));
        string reason = ExplainMisses(System.Collections.Frozen.FrozenSet<Encoding.Digest>.Empty)
            .Explain(key, index => ArgumentText.Of(types[index], arguments[index]), out EntryRecord? nearest);
        return new CacheExplanation(false, reason, nearest is null ? null : Told(nearest));
    }

    private CacheEntry Told(EntryRecord entry) => Told(entry, File.GetLastWriteTimeUtc(store.Directory.Entry(entry.Key)));

    private static CacheEntry Told(EntryRecord entry, DateTime used) => new()
    {
        Key = entry.Key,
        Function = entry.Name,
        Arguments = [.. entry.Arguments.Select(each => each.Text)],
        Size = entry.Length + entry.Files.Where(each => each.IsOutput).Sum(each => each.Size),
        Kept = entry.Kept,
        LastUsed = used > entry.Kept.UtcDateTime ? new DateTimeOffset(used, TimeSpan.Zero) : entry.Kept,
        Time = entry.Time,
        Machine = entry.Machine,
    };

    private static (long Number, long Bytes) Count(IEnumerable<CacheFile> files) =>
        files.Aggregate((Number: 0L, Bytes: 0L), (sum, file) => (sum.Number + 1, sum.Bytes + file.Size));

    // What is kept of a function that gives a task is the task's result.
    private static Type ResultOf(Delegate function)
    {
        Type result = function.GetType().GetMethod(nameof(Action.Invoke))!.ReturnType;
        return result.IsGenericType && result.GetGenericTypeDefinition() is var open && (open == typeof(Task<>) || open == typeof(ValueTask<>))
            ? result.GetGenericArguments()[0]
            : result;
    }
}
