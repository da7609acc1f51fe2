using System.Reflection;
using System.Text;
using Leat.Encoding;

namespace Leat.Code;

/// <summary>Where a delegate enters the author's code: a unit, and the type arguments that it runs with.</summary>
/// <param name="Graph">Where the units are.</param>
/// <param name="Units">The delegate's own unit first, if it is the author's, then what its type arguments bring.</param>
/// <param name="Assemblies">Assemblies that count by name and version, beyond those of the units.</param>
/// <param name="Fingerprint">The fingerprint of all of it.</param>
internal sealed record CodeEntry(
    CodeGraph Graph, IReadOnlyList<UnitId> Units, IReadOnlyDictionary<string, string> Assemblies, Digest Fingerprint)
{
    public static CodeEntry Of(MethodInfo method, CodeGraph graph)
    {
        Type[] arguments = [.. method.DeclaringType!.GetGenericArguments(), .. method.GetGenericArguments()];
        MethodId? own = OwnAssemblies.IsNever(method.Module.Assembly.GetName()) ? null : graph.Find(method);
        if (own is { } simple && arguments.Length == 0)
        {
            var unit = new UnitId(simple);
            return new CodeEntry(graph, [unit], new Dictionary<string, string>(StringComparer.Ordinal), graph.FingerprintOf(unit));
        }
        var words = new TypeWords(graph);
        List<UnitId> units = [];
        if (own is { } one) units.Add(new UnitId(one));
        else words.WriteOutside(method);
        foreach (Type argument in arguments) words.Write(argument);
        units.AddRange(words.Mentioned.SelectMany(graph.Hierarchy.CalledFromOutside)
            .Where(each => !GeneratedNames.IsGenerated(each)).Select(each => new UnitId(each)).Distinct().Except(units));
        return new CodeEntry(graph, units, words.Assemblies, Hash(graph, units, words));
    }

    private static Digest Hash(CodeGraph graph, List<UnitId> units, TypeWords words)
    {
        var text = new StringBuilder(words.ToString());
        foreach (UnitId unit in units.OrderBy(each => graph.Unit(each).Key, StringComparer.Ordinal))
        {
            text.Append('\n').Append(graph.FingerprintOf(unit));
        }
        foreach ((string name, string version) in words.Assemblies.OrderBy(each => each.Key, StringComparer.Ordinal))
        {
            text.Append("\nassembly ").Append(name).Append(' ').Append(version);
        }
        return Digest.OfText(text.ToString());
    }
}
