using System.Globalization;
using Leat.Storage;

namespace Leat.Tests.Jobs.Hosts;

/// <summary>500 jobs, some with a process each and most in one that has loaded something, which are run while something happens.</summary>
internal static class FaultGraph
{
    public const int Jobs = 500;
    private const int Layers = 5;

    /// <summary>Each job reads what three of the layer before have made, and writes in two parts.</summary>
    public static void Define(JobGraph graph)
    {
        const int width = Jobs / Layers;
        LoadJob<string> load = graph.Load("load", () => "loaded");
        FileJob[] before = [];
        for (int layer = 0; layer < Layers; layer++)
        {
            FileJob[] last = before;
            before = [.. Enumerable.Range(0, width).Select(i => (last.Length, i % 10) switch
            {
                (0, 0) => First(graph, i),
                (0, _) => First(graph, i, load),
                (_, 0) => Next(graph, layer, i, last[i], last[(i + 1) % width], last[(i + 7) % width]),
                _ => Next(graph, layer, i, last[i], last[(i + 1) % width], last[(i + 7) % width], load),
            })];
        }
    }

    private static FileJob First(JobGraph graph, int i) => graph.File($"0-{i}.txt", path => WriteInParts(path, Line(0, i, "")));

    private static FileJob First(JobGraph graph, int i, LoadJob<string> load) => graph.File($"0-{i}.txt", path => WriteInParts(path, load.Value == "loaded" ? Line(0, i, "") : "")).DependsOn(load);

    private static FileJob Next(JobGraph graph, int layer, int i, FileJob a, FileJob b, FileJob c, LoadJob<string> load) =>
        graph.File($"{layer}-{i}.txt", path => WriteInParts(path, load.Value == "loaded" ? Line(layer, i, File.ReadAllText(a.Path) + File.ReadAllText(b.Path) + File.ReadAllText(c.Path)) : "")).DependsOn(a, b, c, load);

    private static FileJob Next(JobGraph graph, int layer, int i, FileJob a, FileJob b, FileJob c) =>
        graph.File($"{layer}-{i}.txt", path => WriteInParts(path, Line(layer, i, File.ReadAllText(a.Path) + File.ReadAllText(b.Path) + File.ReadAllText(c.Path)))).DependsOn(a, b, c);

    private static void WriteInParts(string path, string text)
    {
        using var writer = new StreamWriter(path);
        writer.Write(text[..(text.Length / 2)]);
        writer.Flush();
        Thread.Sleep(10);
        writer.Write(text[(text.Length / 2)..]);
    }

    private static string Line(int layer, int i, string inputs) => string.Create(CultureInfo.InvariantCulture, $"{layer}-{i} of {inputs.Length} and {Leat.Encoding.Digest.OfText(inputs)}\n");

    /// <summary>Runs it, while something happens as often as that, each time that a part of the jobs has ended. It ends complete, and each job has succeeded once.</summary>
    /// <returns>The machines on which jobs ran.</returns>
    public static async Task<string[]> RunAsync(JobRig rig, Pool pool, int times, Action fault, Files files = Files.Shared)
    {
        int ended = 0, faults = 0;
        RunReport report = await rig.RunAsync(Define, (_, options) => options with
        {
            Pool = pool,
            Files = files,
            Events = each =>
            {
                if (each is not JobEnded { Report.Job.Kind: JobKind.File } || ++ended % (Jobs / (times + 1)) != 0 || faults == times) return;
                fault();
                faults++;
            },
        });
        Assert.True(report.IsSuccess, string.Join('\n', report.Jobs.Where(job => job.Error is not null)));
        Assert.Equal(times, faults);
        AssertComplete(rig);
        HashSet<string> machines = [];
        await using ILedgerReader reader = await rig.Graph().Ledger.OpenForReadingAsync(TestContext.Current.CancellationToken);
        foreach (JobId id in Ids())
        {
            LedgerRecord record = Assert.Single(await reader.HistoryAsync(id.Text, TestContext.Current.CancellationToken));
            Assert.Equal(LedgerKind.Succeeded, record.Kind);
            machines.Add(record.Machine);
        }

        return [.. machines];
    }

    /// <summary>All outputs are there, whole and right, and nothing else.</summary>
    public static void AssertComplete(JobRig rig)
    {
        const int width = Jobs / Layers;
        string[] before = [];
        for (int layer = 0; layer < Layers; layer++)
        {
            string[] last = before;
            before = [.. Enumerable.Range(0, width).Select(i => Line(layer, i, last.Length == 0 ? "" : last[i] + last[(i + 1) % width] + last[(i + 7) % width]))];
            for (int i = 0; i < width; i++) Assert.Equal(before[i], rig.Read($"{layer}-{i}.txt"));
        }

        Assert.Equal(Jobs, Directory.GetFiles(rig.Folder).Length);
    }

    private static IEnumerable<JobId> Ids() => Enumerable.Range(0, Layers).SelectMany(layer => Enumerable.Range(0, Jobs / Layers).Select(i => new JobId($"{layer}-{i}.txt")));
}
