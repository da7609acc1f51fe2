using Leat.Code;
using Leat.Encoding;

namespace Leat.Storage;

/// <summary>Says why calls were not found in a cache, by comparing them with those that are in it.</summary>
internal sealed class MissExplainer
{
    private readonly Lazy<Dictionary<Digest, List<EntryRecord>>> byFunction;
    private readonly Dictionary<Digest, DateTimeOffset> since = [];
    private readonly Lazy<ILookup<string, FunctionRecord>> byName;

    public MissExplainer(CacheStore store, IReadOnlySet<Digest> except)
    {
        byFunction = new(() => store.All()
            .Select(found => found.Entry)
            .Where(entry => !except.Contains(entry.Key) || IsNew(entry))
            .GroupBy(entry => entry.Function)
            .ToDictionary(group => group.Key, group => group.ToList()));
        byName = new(() => store.Functions.All().ToLookup(function => function.Name, StringComparer.Ordinal));
    }

    /// <summary>Why a call was not found, in a phrase such as <c>argument 2 was "def" and is "xyz"</c>.</summary>
    /// <param name="key">The call.</param>
    /// <param name="arguments">Tells an argument in a few words, by its index.</param>
    public string Explain(CallKey key, Func<int, string> arguments) => Explain(key, arguments, out _);

    /// <inheritdoc cref="Explain(CallKey, Func{int, string})"/>
    /// <param name="key">The call.</param>
    /// <param name="arguments">Tells an argument in a few words, by its index.</param>
    /// <param name="nearest">The kept call that is most like it, if any.</param>
    public string Explain(CallKey key, Func<int, string> arguments, out EntryRecord? nearest)
    {
        nearest = Nearest(key);
        return nearest is null ? OfFunction(key) : OfArguments(key, arguments, nearest);
    }

    // Of what has come since, only the time of a function's first result counts; false, as a filter.
    private bool IsNew(EntryRecord entry)
    {
        since[entry.Function] = since.TryGetValue(entry.Function, out DateTimeOffset first) && first < entry.Kept ? first : entry.Kept;
        return false;
    }

    private EntryRecord? Nearest(CallKey key) => byFunction.Value.GetValueOrDefault(key.Function.Digest)?
        .OrderByDescending(entry => entry.Arguments.Zip(key.Arguments).Count(pair => pair.First.Digest == pair.Second))
        .ThenByDescending(entry => entry.Kept)
        .FirstOrDefault();

    private static string OfArguments(CallKey key, Func<int, string> arguments, EntryRecord nearest)
    {
        int[] different = [.. Enumerable.Range(0, Math.Min(key.Arguments.Length, nearest.Arguments.Length)).Where(index => nearest.Arguments[index].Digest != key.Arguments[index])];
        // A call that has nothing in common with this one explains nothing.
        return different.Length == 0 ? "its entry was removed, or is damaged"
            : different.Length == key.Arguments.Length ? $"it has not been called with {string.Join(", ", different.Select(index => EntryRecord.Shorten(arguments(index))))} before"
            : string.Join(", and ", different.Select(index => Difference(index, nearest.Arguments[index].Text, EntryRecord.Shorten(arguments(index)))));
    }

    // Of values that are too long to tell, two may have the same words.
    private static string Difference(int index, string before, string now) => before == now
        ? FormattableString.Invariant($"argument {index + 1} has changed, and is {now}")
        : FormattableString.Invariant($"argument {index + 1} was {before} and is {now}");

    private string OfFunction(CallKey key)
    {
        FunctionRecord[] known = [.. byName.Value[key.Function.Name].OrderByDescending(function => function.Kept)];
        Digest own = key.Function.Digest;
        // Its own record comes with its first result, which may be one of those that have come since.
        bool isNew = since.TryGetValue(own, out DateTimeOffset first);
        if (known.Any(function => function.Digest == own && !(isNew && function.Kept >= first))) return $"what was kept of '{key.Function.Name}' was removed";
        if (known.FirstOrDefault(function => function.Digest != own) is not { } last) return $"'{key.Function.Name}' has not been called with this cache before";
        CodeExplanation now = key.Function.Explain();
        IReadOnlyList<string> differences = now.DifferencesFrom(last.Code);
        return differences.Count == 0 ? $"'{key.Function.Name}' or what it has captured has changed" : string.Join(", and ", differences);
    }
}
