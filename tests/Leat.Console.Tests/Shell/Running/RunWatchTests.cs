using System.Collections.Concurrent;

namespace Leat.Shell.Tests;

public sealed class RunWatchTests : IDisposable
{
    private readonly ManualClock clock = new();
    private readonly StringWriter output = new();
    private readonly BlockingCollection<ConsoleKeyInfo> keys = [];
    private readonly FakeRun run = new();
    private readonly StopSequence stops;

    public RunWatchTests() => stops = new StopSequence(run);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        keys.Dispose();
        output.Dispose();
    }

    private Task<int> WatchAsync(out RunFeed feed, TextWriter? to = null, bool hasKeys = false)
    {
        var console = new ShellConsole { Output = to ?? output, Error = TextWriter.Null, Clock = clock, IsInputTerminal = hasKeys, ReadKey = () => keys.Take(Token) };
        var display = new PlainDisplay(console.Page, isQuiet: false);
        feed = new RunFeed(display.Wants);
        return new RunWatch(console, run, feed, display, stops).WatchAsync();
    }

    private async Task TickAsync()
    {
        await clock.TimersArmedAsync(1, Token);
        clock.Advance(TimeSpan.FromMilliseconds(300));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_run_is_shown_to_its_end()
    {
        Task<int> watch = WatchAsync(out RunFeed feed);
        foreach (JobEvent each in SampleEvents.All) feed.Add(each);
        await TickAsync();
        run.End(new RunSummary("run", TimeSpan.FromSeconds(1)) { Succeeded = 2 });
        Assert.Equal(ExitCode.Success, await watch);
        Assert.Contains("[1/8] tmp/trimmed.fq", output.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("Done in 1.0 s: 2 jobs ran.\n", output.ToString(), StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_run_that_has_ended_already_is_a_line()
    {
        run.End(new RunSummary("run", TimeSpan.Zero) { UpToDate = 5 });
        Assert.Equal(ExitCode.Success, await WatchAsync(out _));
        Assert.Equal("Nothing to do: 5 jobs are up to date.\n", output.ToString());
    }

    [Theory(Timeout = 60_000)]
    [InlineData(0, 0, 1, 1)]
    [InlineData(0, 3, 1, 1)]
    [InlineData(1, 3, 0, 130)]
    [InlineData(1, 3, 1, 130)]
    [InlineData(1, 0, 0, 0)]
    public async Task The_exit_code_says_how_it_ended(int interruptions, int cancelled, int failed, int exitCode)
    {
        Task<int> watch = WatchAsync(out _);
        for (int i = 0; i < interruptions; i++) stops.Interrupt();
        run.End(new RunSummary("run", TimeSpan.Zero) { Succeeded = 1, Cancelled = cancelled, Failed = failed });
        Assert.Equal(exitCode, await watch);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_run_that_can_not_go_on_says_why_to_the_caller()
    {
        Task<int> watch = WatchAsync(out _);
        run.Fail(new LeatException("LEAT9999", "No."));
        await Assert.ThrowsAsync<LeatException>(() => watch);
        Assert.Equal("", output.ToString());
    }

    [Fact(Timeout = 60_000)]
    public async Task An_interruption_is_told()
    {
        Task<int> watch = WatchAsync(out _);
        stops.Interrupt();
        await TickAsync();
        run.End(new RunSummary("run", TimeSpan.Zero) { Succeeded = 1, Cancelled = 1 });
        await watch;
        Assert.StartsWith("Stopping: nothing more is started, 2 jobs still run.", output.ToString(), StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Keys_list_what_runs_and_end_it()
    {
        using var shown = new Watched("is ended.");
        Task<int> watch = WatchAsync(out _, shown, hasKeys: true);
        foreach (char letter in "k2") keys.Add(new ConsoleKeyInfo(letter, ConsoleKey.None, shift: false, alt: false, control: false), Token);
        keys.Add(new ConsoleKeyInfo('\r', ConsoleKey.Enter, shift: false, alt: false, control: false), Token);
        while (!shown.Seen.IsCompleted) await TickAsync();
        run.End(new RunSummary("run", TimeSpan.Zero) { Succeeded = 1 });
        await watch;
        Assert.Equal(["kill out/other.csv"], run.Told);
        Approved.Text(shown.ToString());
    }

    [Fact(Timeout = 60_000)]
    public async Task A_console_that_is_gone_does_not_end_the_run()
    {
        await using var broken = new StreamWriter(new BrokenStream());
        Task<int> watch = WatchAsync(out RunFeed feed, broken);
        foreach (JobEvent each in SampleEvents.All) feed.Add(each);
        await TickAsync();
        await TickAsync();
        run.End(new RunSummary("run", TimeSpan.Zero) { Succeeded = 1 });
        Assert.Equal(ExitCode.Success, await watch);
    }

    private sealed class Watched(string text) : StringWriter
    {
        private readonly TaskCompletionSource seen = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Seen => seen.Task;

        public override void Write(string? value)
        {
            base.Write(value);
            if (value?.Contains(text, StringComparison.Ordinal) == true) seen.TrySetResult();
        }
    }

    private sealed class BrokenStream : MemoryStream
    {
        private bool isBroken;

        public override void Write(ReadOnlySpan<byte> buffer) => Break();

        public override void Write(byte[] buffer, int offset, int count) => Break();

        private void Break()
        {
            if (isBroken) return;
            isBroken = true;
            throw new IOException("Broken pipe");
        }
    }
}
