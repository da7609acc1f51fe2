using System.Collections;

namespace Leat;

/// <summary>The paths of a job's outputs, by name and by place.</summary>
public sealed class OutputPaths : IReadOnlyList<string>
{
    internal static readonly OutputPaths None = new([], []);

    private readonly string[] names;
    private readonly string[] paths;

    internal OutputPaths(string[] names, string[] paths)
    {
        this.names = names;
        this.paths = paths;
    }

    /// <summary>The names of the outputs, in the order in which they were declared.</summary>
    public IReadOnlyList<string> Names => names;

    /// <summary>How many outputs there are.</summary>
    public int Count => paths.Length;

    /// <summary>The path of an output.</summary>
    /// <param name="index">Which, from 0.</param>
    public string this[int index] => paths[index];

    /// <summary>The path of an output.</summary>
    /// <param name="name">The name under which it was declared.</param>
    /// <exception cref="LeatException">There is no output of that name.</exception>
    public string this[string name] => paths[Find(name)];

    /// <summary>The paths, in the order in which they were declared.</summary>
    public IEnumerator<string> GetEnumerator() => ((IEnumerable<string>)paths).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal string[] ToArray() => paths;

    internal OutputPaths At(string[] others) => new(names, others);

    internal int Find(string name)
    {
        int index = Array.IndexOf(names, name);
        return index >= 0 ? index : throw Leat.Jobs.JobErrors.NoSuchOutput(name, names);
    }
}
