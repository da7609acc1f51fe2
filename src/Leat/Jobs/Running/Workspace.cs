using System.Collections.Concurrent;
using System.Globalization;
using Leat.Storage;

namespace Leat.Jobs;

/// <summary>
/// Where the attempts of a run write: each has a folder of its own, in the file system of its outputs, so that these can be renamed into their
/// places when it has succeeded.
/// </summary>
/// <param name="graph">The graph.</param>
/// <param name="run">The id of the run.</param>
internal sealed class Workspace(JobGraph graph, string run)
{
    private const string Name = ".leat-tmp";

    private readonly ConcurrentDictionary<string, ulong> folders = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> foreign = new(StringComparer.Ordinal);
    private readonly string root = Path.Combine(graph.StateFolder, "tmp", run);
    private ulong device;

    /// <summary>Removes what runs have left behind that were killed.</summary>
    public static void RemoveLeftovers(JobGraph graph)
    {
        string all = Path.Combine(graph.StateFolder, "tmp");
        if (Directory.Exists(all)) TryDelete(all);
    }

    /// <summary>Makes the places for an attempt.</summary>
    /// <param name="node">The job.</param>
    /// <param name="attempt">Which attempt.</param>
    public Attempt Open(JobNode node, int attempt)
    {
        OutputPaths outputs = node.Job.Outputs;
        if (!Definition.MakesFiles(node.Job)) return new Attempt(node, outputs, []);
        string[] places = new string[outputs.Count];
        for (int i = 0; i < places.Length; i++)
        {
            places[i] = FolderFor(Path.GetDirectoryName(outputs[i])!, string.Create(CultureInfo.InvariantCulture, $"{node.Job.Index}.{attempt}"));
        }

        // Two outputs may have the same file name, in two folders.
        string[] paths = new string[outputs.Count];
        var taken = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < paths.Length; i++)
        {
            string file = Path.GetFileName(outputs[i]);
            string path = Path.Combine(places[i], file);
            if (!taken.Add(path)) path = Path.Combine(places[i] = Path.Combine(places[i], string.Create(CultureInfo.InvariantCulture, $"{i}")), file);
            paths[i] = path;
        }

        string[] made = [.. places.Distinct(StringComparer.Ordinal)];
        foreach (string folder in made) Directory.CreateDirectory(folder);
        return new Attempt(node, outputs.At(paths), made);
    }

    /// <summary>Removes what is left.</summary>
    public void Close()
    {
        TryDelete(root);
        foreach (string folder in foreign.Keys) TryDelete(folder);
    }

    public static void TryDelete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The next run tries it again.
        }
    }

    // Makes the folder of an output, and finds the place for attempts in the same file system.
    private string FolderFor(string folder, string attempt)
    {
        ulong there = folders.GetOrAdd(folder, static each =>
        {
            Directory.CreateDirectory(each);
            return DeviceOf(each);
        });
        if (device == 0)
        {
            Directory.CreateDirectory(root);
            device = DeviceOf(root);
        }

        if (there == device) return Path.Combine(root, attempt);
        string beside = Path.Combine(folder, Name);
        foreign.TryAdd(beside, true);
        return Path.Combine(beside, attempt);
    }

    // Where that can't be told, all is one.
    private static ulong DeviceOf(string folder) =>
        OperatingSystem.IsLinux() && FileStatus.TryGet(folder, out FileStatus status) ? status.Device + 1 : 1;
}
