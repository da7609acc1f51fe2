using System.Collections.Concurrent;
using System.Globalization;
using Leat.Storage;

namespace Leat.Jobs;

/// <summary>
/// Where the attempts of a run write: each has a folder for itself, in the file system of its outputs, so that these can be renamed into their
/// places when it has succeeded.
/// </summary>
/// <remarks>
/// A folder that a success has left empty serves another attempt: a file system such as ext4 takes the longer to make a folder the more were
/// removed in the last seconds. What a failure has left does not, because its action may still be at work there.
/// </remarks>
/// <param name="graph">The graph.</param>
/// <param name="run">The id of the run.</param>
internal sealed class Workspace(JobGraph graph, string run)
{
    private const string Name = ".leat-tmp";

    private readonly ConcurrentDictionary<string, ConcurrentBag<string>> free = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ulong> folders = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> foreign = new(StringComparer.Ordinal);
    private readonly string root = Path.Combine(graph.StateFolder, "tmp", run);
    private ulong device;
    private int last;

    /// <summary>Removes what runs have left behind that were killed.</summary>
    public static void RemoveLeftovers(JobGraph graph)
    {
        string all = Path.Combine(graph.StateFolder, "tmp");
        if (Directory.Exists(all)) TryDelete(all);
    }

    /// <summary>Makes the places for an attempt.</summary>
    /// <param name="node">The job.</param>
    public Attempt Open(JobNode node)
    {
        OutputPaths outputs = node.Job.Outputs;
        if (!Definition.MakesFiles(node.Job)) return new Attempt(this, node, outputs, []);
        // One in each file system; two outputs that have the same file name, in two folders, have one each.
        List<(string Parent, string Folder)> taken = [];
        var paths = new string[outputs.Count];
        for (int i = 0; i < paths.Length; i++)
        {
            string parent = ParentFor(Path.GetDirectoryName(outputs[i])!);
            string file = Path.GetFileName(outputs[i]);
            string? folder = taken.Find(each => each.Parent == parent && !paths.AsSpan(0, i).Contains(Path.Combine(each.Folder, file))).Folder;
            if (folder is null) taken.Add((parent, folder = Take(parent)));
            paths[i] = Path.Combine(folder, file);
        }

        return new Attempt(this, node, outputs.At(paths), [.. taken.Select(each => each.Folder)]);
    }

    /// <summary>Takes back a folder, which is empty and nobody uses.</summary>
    public void GiveBack(string folder) => free.GetOrAdd(Path.GetDirectoryName(folder)!, static _ => []).Add(folder);

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

    private string Take(string parent)
    {
        if (free.TryGetValue(parent, out ConcurrentBag<string>? some) && some.TryTake(out string? folder)) return folder;
        return Directory.CreateDirectory(Path.Combine(parent, Interlocked.Increment(ref last).ToString(CultureInfo.InvariantCulture))).FullName;
    }

    // Makes the folder of an output, and finds the place for attempts in the same file system.
    private string ParentFor(string folder)
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

        if (there == device) return root;
        string beside = Path.Combine(folder, Name);
        foreign.TryAdd(beside, true);
        return beside;
    }

    // Where that can't be told, all is one.
    private static ulong DeviceOf(string folder) =>
        OperatingSystem.IsLinux() && FileStatus.TryGet(folder, out FileStatus status) ? status.Device + 1 : 1;
}
