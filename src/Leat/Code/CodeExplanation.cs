using System.Collections.Immutable;
using System.Text;
using Leat.Encoding;

namespace Leat.Code;

/// <summary>One method, lambda or initial value that a fingerprint covers.</summary>
/// <param name="Key">By what it is found again in another explanation.</param>
/// <param name="Title">What an author calls it, such as <c>the method Trim.Quality</c>.</param>
/// <param name="Code">The fingerprint of its own code, without what it calls.</param>
/// <param name="Constants">The texts and numbers in it, in their order.</param>
/// <param name="Pinned">Null, or the author's word on its version, which counts in place of the code.</param>
internal sealed record CodePart(string Key, string Title, Digest Code, ImmutableArray<string> Constants, string? Pinned);

/// <summary>What a fingerprint covers, and what stands beside it. Plain data, so that an earlier run's can be kept and compared.</summary>
/// <param name="Fingerprint">The fingerprint.</param>
/// <param name="Parts">The author's own code, the delegate's first.</param>
/// <param name="Assemblies">The other assemblies, which count by name and version.</param>
internal sealed record CodeExplanation(
    Digest Fingerprint, ImmutableArray<CodePart> Parts, ImmutableSortedDictionary<string, string> Assemblies)
{
    /// <summary>What the delegate has captured. It counts beside the fingerprint, which is of the code alone.</summary>
    public ImmutableArray<CapturedPart> Captured { get; init; } = [];

    /// <summary>Explains a fingerprint by the entries that it was made of.</summary>
    public static CodeExplanation Of(Digest fingerprint, IEnumerable<CodeEntry> entries)
    {
        List<CodePart> parts = [];
        var assemblies = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (CodeEntry entry in entries)
        {
            foreach ((string name, string version) in entry.Assemblies) assemblies[name] = version;
            foreach (CodeUnit unit in Reachable(entry))
            {
                foreach ((string name, string version) in unit.Assemblies) assemblies[name] = version;
                string? pinned = unit.Pin is { } pin ? pin.Version ?? "any" : null;
                var part = new CodePart(unit.Key, unit.Title, Digest.OfText(unit.Text), unit.Constants, pinned);
                // An extra lambda, of a delegate that calls several, is known by its turn.
                int same = parts.Count(each => each.Key == part.Key);
                if (same == 0) parts.Add(part);
                else if (unit.Key == "lambda") parts.Add(part with { Key = $"lambda {same + 1}" });
            }
        }
        return new CodeExplanation(fingerprint, [.. parts], assemblies.ToImmutable());
    }

    /// <summary>What differs from an earlier explanation, a phrase each; nothing where both cover the same.</summary>
    public IReadOnlyList<string> DifferencesFrom(CodeExplanation earlier)
    {
        List<string> differences = [];
        var before = earlier.Parts.ToDictionary(part => part.Key, StringComparer.Ordinal);
        foreach (CodePart part in Parts)
        {
            if (!before.Remove(part.Key, out CodePart? old)) differences.Add($"{part.Title} is used now");
            else if (Difference(old, part) is { } difference) differences.Add(difference);
        }
        differences.AddRange(before.Values.Select(part => $"{part.Title} is no longer used"));
        AddCapturedDifferences(earlier, differences);
        foreach (string name in earlier.Assemblies.Keys.Union(Assemblies.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            string? from = earlier.Assemblies.GetValueOrDefault(name);
            string? to = Assemblies.GetValueOrDefault(name);
            if (from == to) continue;
            differences.Add(from is null ? $"the package {name} {to} is used now"
                : to is null ? $"the package {name} {from} is no longer used"
                : $"a package: {name} {from} is now {to}");
        }
        return differences;
    }

    /// <summary>A list for people: what is covered, with its constants, what is captured, and the packages.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (CodePart part in Parts)
        {
            text.Append(part.Title);
            if (part.Pinned is not null) text.Append(": pinned to version ").Append(part.Pinned);
            else if (part.Constants.Length > 0) text.Append(": ").AppendJoin(", ", part.Constants);
            text.Append('\n');
        }
        foreach (CapturedPart part in Captured) text.Append(part.Title).Append(": ").Append(part.Value).Append('\n');
        foreach ((string name, string version) in Assemblies) text.Append("the package ").Append(name).Append(' ').Append(version).Append('\n');
        return text.ToString();
    }

    private void AddCapturedDifferences(CodeExplanation earlier, List<string> differences)
    {
        var before = earlier.Captured.ToDictionary(part => part.Title, part => part.Value, StringComparer.Ordinal);
        foreach (CapturedPart part in Captured)
        {
            if (!before.Remove(part.Title, out string? old)) differences.Add($"{part.Title} is used now, and is {part.Value}");
            else if (old != part.Value) differences.Add($"{part.Title} was {old} and is {part.Value}");
        }
        differences.AddRange(earlier.Captured.Where(part => before.ContainsKey(part.Title)).Select(part => $"{part.Title} is no longer used"));
    }

    private static string? Difference(CodePart old, CodePart now)
    {
        if (old.Pinned != now.Pinned)
        {
            return old.Pinned is null ? $"{now.Title} is now pinned to version {now.Pinned}"
                : now.Pinned is null ? $"{now.Title} is no longer pinned to version {old.Pinned}"
                : $"{now.Title} had version {old.Pinned} and has {now.Pinned}";
        }
        if (old.Code == now.Code) return null;
        (string From, string To)[] changed = old.Constants.Length == now.Constants.Length
            ? [.. old.Constants.Zip(now.Constants).Where(pair => pair.First != pair.Second)]
            : [];
        string constants = string.Join(", ", changed.Select(pair => $"{pair.From} is now {pair.To}"));
        return changed.Length == 0 ? $"{now.Title} changed" : $"{now.Title} changed: {constants}";
    }

    private static IEnumerable<CodeUnit> Reachable(CodeEntry entry)
    {
        HashSet<UnitId> seen = [.. entry.Units];
        var queue = new Queue<UnitId>(entry.Units);
        while (queue.TryDequeue(out UnitId id))
        {
            CodeUnit unit = entry.Graph.Unit(id);
            yield return unit;
            foreach (UnitId used in unit.Uses)
            {
                if (seen.Add(used)) queue.Enqueue(used);
            }
        }
    }
}
