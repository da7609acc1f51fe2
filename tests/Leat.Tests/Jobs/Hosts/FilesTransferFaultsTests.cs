using System.Globalization;
using System.Runtime.Versioning;
using Leat.Encoding;
using Leat.Jobs;
using Leat.Pools;
using Leat.Storage;
using Leat.Tests.Pools;
using Leat.Tests.Pools.Remote;
using Leat.Tests.Streams;
using Leat.Tests.Streams.Ends;

namespace Leat.Tests.Jobs.Hosts;

/// <summary>What goes wrong while files are sent to a machine, or brought back.</summary>
[Collection(AloneCollection.Name)]
[UnsupportedOSPlatform("windows")]
public sealed class FilesTransferFaultsTests : IDisposable
{
    private readonly JobRig rig = new();
    private readonly FarHost far;

    public FilesTransferFaultsTests() => far = new FarHost(rig.Folder);

    public void Dispose()
    {
        far.Dispose();
        rig.Dispose();
    }

    [Theory(Timeout = 60_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_transfer_that_hangs_keeps_neither_a_cancelled_run_nor_a_killed_job(bool isKilled)
    {
        string mark = Path.Combine(far.Cache, "mark");
        JobGraph graph = rig.Graph();
        graph.File("out.txt", path =>
        {
            // All other processes there stand still from now on: that which is to bring this back among them.
            foreach (int id in Children.Of(Children.ParentOf(Environment.ProcessId)).Where(id => id != Environment.ProcessId)) Children.Freeze(id);
            File.WriteAllText(path, "x");
            File.WriteAllText(mark + ".new", Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            File.Move(mark + ".new", mark);
        });
        await using Pool pool = far.Pool(1);
        await using JobRun run = graph.Start(new RunOptions { Pool = pool, Files = Files.Transfer });
        await Eventually.TrueAsync(() => File.Exists(mark), () => "The action has not run.", seconds: 30);
        int worker = int.Parse(await File.ReadAllTextAsync(mark, TestContext.Current.CancellationToken), CultureInfo.InvariantCulture);
        await Eventually.TrueAsync(() => !RemoteProcesses.All(far.Cache).Contains(worker), () => "The action has not ended.", seconds: 30);

        if (isKilled) Assert.True(run.Kill(new JobId("out.txt")));
        else run.Cancel();
        RunReport report = await run.Completion;

        Assert.Equal(isKilled ? JobOutcome.Failed : JobOutcome.Cancelled, report.Jobs.Single().Outcome);
        Assert.False(rig.Exists("out.txt"));
    }

    [Fact(Timeout = 60_000)]
    public async Task Who_waits_until_another_has_sent_a_file_can_give_up_and_sends_it_when_the_other_could_not()
    {
        rig.Write("in.txt", "x");
        var inputs = new HostInputs([rig["in.txt"]], []);
        await using var pool = (ProcessPool)far.Pool(1);
        await using var files = new HostFiles(pool, "far");
        await using HostTransfer transfer = files.Begin();
        HostView view = await transfer.OpenAsync(TestContext.Current.CancellationToken);
        IReadOnlyDictionary<Digest, TaskCompletionSource> others = files.Claim([FileContent.DigestOf(rig["in.txt"])], out _);
        using var given = new CancellationTokenSource();

        Task waiting = transfer.SendAsync(view, inputs, [], given.Token);
        Task second = transfer.SendAsync(view, inputs, [], TestContext.Current.CancellationToken);
        await given.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.False(second.IsCompleted);
        files.Sent(others);
        await second;
        Assert.Equal("x", await File.ReadAllTextAsync(view.Map(rig["in.txt"]), TestContext.Current.CancellationToken));
    }

    [Fact(Timeout = 60_000)]
    public async Task An_input_that_changes_while_it_is_sent_is_told()
    {
        // Each time that it is read there is something else in it.
        File.CreateSymbolicLink(rig["in.txt"], "/proc/sys/kernel/random/uuid");

        LeatException error = await FailAsync("in.txt");

        Assert.StartsWith($"LEAT0253: Files can't be sent to the host 'unshare', or brought back: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("in.txt' has changed while it was sent, or on its way.", error.Message, StringComparison.Ordinal);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("/nowhere", "there is no file")]
    [InlineData("/proc/self/mem", "can't be read")]
    public async Task An_input_that_can_not_be_read_any_more_is_told(string instead, string expected)
    {
        LeatException error = await FailAsync("between.txt", () =>
        {
            File.Delete(rig["between.txt"]);
            File.CreateSymbolicLink(rig["between.txt"], instead);
        });

        Assert.StartsWith($"LEAT0253: Files can't be sent to the host 'unshare', or brought back: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task An_output_that_is_lost_there_before_it_is_here_is_told()
    {
        string data = Directory.CreateDirectory(Path.Combine(far.Cache, "leat", "data")).FullName;
        for (int i = 0; i < 256; i++) Directory.CreateDirectory(Path.Combine(data, i.ToString("x2", CultureInfo.InvariantCulture)));
        using var watcher = new FileSystemWatcher(data) { IncludeSubdirectories = true, NotifyFilter = NotifyFilters.FileName };
        watcher.Renamed += (_, change) => File.Delete(change.FullPath);
        watcher.EnableRaisingEvents = true;
        await using Pool pool = far.Pool(1);

        RunReport report = await RunAsync(graph => graph.File("out.bin", path => File.WriteAllBytes(path, new byte[200 << 20])), pool);

        var error = Assert.IsType<LeatException>(Assert.Single(report.Jobs).Error);
        Assert.StartsWith($"LEAT0253: Files can't be sent to the host 'unshare', or brought back: ", error.Message, StringComparison.Ordinal);
        Assert.False(rig.Exists("out.bin"));
    }

    [Fact(Timeout = 60_000)]
    public async Task What_comes_back_in_part_is_seen_by_nobody()
    {
        Directory.CreateDirectory(rig["out"]);
        List<string> seen = [];
        using var watcher = new FileSystemWatcher(rig["out"]) { NotifyFilter = NotifyFilters.FileName };
        watcher.Created += (_, change) => seen.Add(change.Name!);
        watcher.Renamed += (_, change) => seen.Add(change.OldName!);
        watcher.EnableRaisingEvents = true;
        string last = rig["out/last"];
        await using Pool pool = far.Pool(1);

        RunReport report = await RunAsync(
            graph =>
            {
                // Without a parameter: it writes in place.
                FileJob? job = null;
                job = graph.File("out/in place.txt", () => File.WriteAllText(job!.Path, "x"));
            },
            pool);

        Assert.True(report.IsSuccess, string.Join('\n', report.Jobs));
        await File.WriteAllTextAsync(last, "x", TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => seen.Contains("last"), () => "The watch has not seen the last file.");
        Assert.Equal(["in place.txt", "last"], seen);
    }

    // Of two jobs that need a file the second finds it as it is made to be when the first has ended.
    private async Task<LeatException> FailAsync(string input, Action? between = null)
    {
        await using Pool pool = far.Pool(1);
        RunReport report = await RunAsync(
            graph =>
            {
                Job needed = input == "between.txt" ? graph.File(input, path => File.WriteAllText(path, "x")) : graph.InputFile(input);
                graph.File("out.txt", path => File.WriteAllText(path, "y")).DependsOn((IJobInput)needed);
            },
            pool,
            each =>
            {
                if (each is JobStarted { Job.Text: "out.txt" }) between?.Invoke();
            });
        return Assert.IsType<LeatException>(report.Jobs.Single(job => job.Job.Id.Text == "out.txt").Error);
    }

    private Task<RunReport> RunAsync(Action<JobGraph> define, Pool pool, Action<JobEvent>? events = null) =>
        rig.RunAsync(define, (_, options) => options with { Pool = pool, Files = Files.Transfer, Events = events });
}
