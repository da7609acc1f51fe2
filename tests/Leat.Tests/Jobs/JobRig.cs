namespace Leat.Tests.Jobs;

/// <summary>A folder with a graph in it that is defined anew for each run, as a program would.</summary>
internal sealed class JobRig : IDisposable
{
    private readonly TemporaryDirectory folder = new();

    public string this[string path] => folder[path];

    public string Folder => folder.Path;

    /// <summary>What ran in the last run, in the order of their names.</summary>
    public string Ran { get; private set; } = "";

    public JobGraph Graph() => new(new JobGraphOptions { Folder = Folder });

    public void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder[path])!);
        File.WriteAllText(folder[path], text);
    }

    public string Read(string path) => File.ReadAllText(folder[path]);

    public bool Exists(string path) => File.Exists(folder[path]);

    /// <summary>Defines a graph and runs it on threads.</summary>
    public async Task<RunReport> RunAsync(Action<JobGraph> define, Func<JobGraph, RunOptions, RunOptions>? with = null)
    {
        JobGraph graph = Graph();
        define(graph);
        return await RunAsync(graph, with);
    }

    public async Task<RunReport> RunAsync(JobGraph graph, Func<JobGraph, RunOptions, RunOptions>? with = null)
    {
        await using Pool pool = Pool.Threads(2);
        var options = new RunOptions { Pool = pool, SharesMachine = false };
        await using JobRun run = graph.Start(with?.Invoke(graph, options) ?? options);
        RunReport report = await run.Completion;
        Ran = string.Join(' ', report.Jobs.Where(job => job.Outcome == JobOutcome.Succeeded && job.Job.Kind is not (JobKind.Generate or JobKind.Inject)).Select(job => job.Job.Id.Text).Order(StringComparer.Ordinal));
        return report;
    }

    public void Dispose() => folder.Dispose();
}
