using System.Collections;

namespace Leat;

/// <summary>The paths of a job's outputs, by name and by place.</summary>
public sealed class OutputPaths : IReadOnlyList<string>
{
    internal static readonly OutputPaths None = new([], []);

    // A string where there is one output, as most jobs have, of which there may be very many; else an array.
    private readonly object names;
    private readonly object paths;

    internal OutputPaths(string[] names, string[] paths)
    {
        this.names = names.Length == 1 ? names[0] : names;
        this.paths = paths.Length == 1 ? paths[0] : paths;
    }

    internal OutputPaths(string name, string path) => (names, paths) = (name, path);

    /// <summary>The names of the outputs, in the order in which they were declared.</summary>
    public IReadOnlyList<string> Names => All(names);

    /// <summary>How many outputs there are.</summary>
    public int Count => paths is string[] several ? several.Length : 1;

    /// <summary>The path of an output.</summary>
    /// <param name="index">Which, from 0.</param>
    public string this[int index] => paths is string single && index == 0 ? single : All(paths)[index];

    /// <summary>The path of an output.</summary>
    /// <param name="name">The name under which it was declared.</param>
    /// <exception cref="LeatException">There is no output of that name.</exception>
    public string this[string name] => this[Find(name)];

    /// <summary>The paths, in the order in which they were declared.</summary>
    public IEnumerator<string> GetEnumerator() => ((IEnumerable<string>)All(paths)).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal string[] ToArray() => All(paths);

    internal OutputPaths At(string[] others) => new(All(names), others);

    internal int Find(string name)
    {
        int index = Array.IndexOf(All(names), name);
        return index >= 0 ? index : throw Leat.Jobs.JobErrors.NoSuchOutput(name, All(names));
    }

    private static string[] All(object texts) => texts as string[] ?? [(string)texts];
}
