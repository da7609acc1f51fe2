namespace Leat.Jobs;

/// <summary>
/// How this machine's files look on another one where they are not shared: below a folder there, under the same paths. Jobs that an action has captured
/// travel with the paths that lead to their files where it runs.
/// </summary>
/// <param name="Host">The name of the machine.</param>
/// <param name="Root">The folder there.</param>
internal sealed record HostView(string Host, string Root)
{
    [ThreadStatic]
    private static HostView? current;

    /// <summary>That for which something is being encoded on this thread; null where paths are the same everywhere.</summary>
    public static HostView? Current => current;

    /// <summary>The folder in which actions run: where this program's own current directory would be.</summary>
    public string Folder => Map(Path.GetFullPath("."));

    /// <summary>From now on, on this thread, what is encoded goes there; until what is returned is disposed.</summary>
    public static Scope Enter(HostView? view)
    {
        var scope = new Scope(current);
        current = view;
        return scope;
    }

    /// <summary>Where a file of this machine is there.</summary>
    public string Map(string path) => Root + path;

    /// <summary>Where a file there is on this machine.</summary>
    public string PathOf(string mapped) => mapped[Root.Length..];

    public string[] Map(IEnumerable<string> paths) => [.. paths.Select(Map)];

    /// <summary>Ends the encoding for a machine.</summary>
    internal readonly struct Scope(HostView? before) : IDisposable
    {
        public void Dispose() => current = before;
    }
}
