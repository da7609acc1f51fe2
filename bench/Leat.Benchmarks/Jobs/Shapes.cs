using System.Globalization;
using System.Text;

namespace Leat.Benchmarks.Jobs;

/// <summary>Graphs of so many targets, for Leat and for ninja alike.</summary>
internal static class Shapes
{
    private const int Layers = 10;

    public static readonly string[] All = ["independent", "chain", "fan-in", "fan-out", "layers"];

    /// <summary>The targets of a shape, each with those that it needs; these come before it.</summary>
    public static IEnumerable<(int Target, IEnumerable<int> Needs)> Of(string shape, int count) => Enumerable.Range(0, count).Select(target => (target, shape switch
    {
        "chain" => target == 0 ? [] : [target - 1],
        "fan-in" => target == count - 1 ? Enumerable.Range(0, count - 1) : [],
        "fan-out" => target == 0 ? [] : [0],
        "layers" => NeedsInLayers(target, count / Layers),
        _ => (IEnumerable<int>)[],
    }));

    /// <summary>The file of a target; a thousand in a folder.</summary>
    public static string FileOf(int target) => string.Create(CultureInfo.InvariantCulture, $"out/{target / 1000}/{target}.txt");

    /// <summary>The graph.</summary>
    public static JobGraph Graph(string shape, int count, string folder)
    {
        var graph = new JobGraph(new JobGraphOptions { Folder = folder });
        var jobs = new FileJob[count];
        foreach ((int target, IEnumerable<int> needs) in Of(shape, count))
        {
            jobs[target] = graph.File(FileOf(target), path => File.WriteAllText(path, target.ToString(CultureInfo.InvariantCulture)));
            foreach (int need in needs) jobs[target].DependsOn(jobs[need]);
        }

        return graph;
    }

    /// <summary>The same for ninja.</summary>
    public static string Ninja(string shape, int count)
    {
        var text = new StringBuilder("rule write\n  command = echo $out > $out\n");
        foreach ((int target, IEnumerable<int> needs) in Of(shape, count))
        {
            text.Append("build ").Append(FileOf(target)).Append(": write");
            foreach (int need in needs) text.Append(' ').Append(FileOf(need));
            text.Append('\n');
        }

        return text.ToString();
    }

    private static IEnumerable<int> NeedsInLayers(int target, int width) => target < width ? [] : Enumerable.Range(((target / width) - 1) * width, width);
}
