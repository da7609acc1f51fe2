namespace Leat.Shell.Tests;

public sealed class SignalTests : IAsyncDisposable
{
    private readonly PipelineProgram program = new();
    private readonly Hold hold = new();

    public SignalTests() => program.Variables["LEAT_TEST_HOLD"] = hold.Name;

    public async ValueTask DisposeAsync()
    {
        await hold.DisposeAsync();
        program.Dispose();
    }

    private static void SkipOnWindows() => Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals.");

    [Fact(Timeout = 300_000)]
    public async Task An_interruption_lets_what_runs_end_and_starts_nothing_more()
    {
        SkipOnWindows();
        await using PipelineProgram.RunningProgram running = program.Start("out/last.txt");
        await hold.WorksAsync();
        running.Signal(PipelineProgram.Interrupt);
        Assert.Equal("Stopping: nothing more is started, 1 job still runs. Ctrl-C again ends it at once.", await running.LineWithAsync("Stopping"));
        await hold.LetGoAsync();
        DotnetRun run = await running.EndAsync();
        Assert.Equal(ExitCode.Cancelled, run.ExitCode);
        Assert.True(program.Has("out/held.txt"));
        Assert.False(program.Has("out/last.txt"));
        Assert.Contains("Stopped after", run.Output, StringComparison.Ordinal);
    }

    [Fact(Timeout = 300_000)]
    public async Task A_second_interruption_ends_what_runs()
    {
        SkipOnWindows();
        await using PipelineProgram.RunningProgram running = program.Start("out/last.txt");
        await hold.WorksAsync();
        running.Signal(PipelineProgram.Interrupt);
        await running.LineWithAsync("Stopping");
        running.Signal(PipelineProgram.Interrupt);
        DotnetRun run = await running.EndAsync();
        Assert.Equal(ExitCode.Cancelled, run.ExitCode);
        Assert.False(program.Has("out/held.txt"));
        Assert.Contains("Cancelling: what runs is ended.", run.Output, StringComparison.Ordinal);
        Assert.Empty(run.Errors);
    }

    [Fact(Timeout = 300_000)]
    public async Task A_termination_ends_what_runs()
    {
        SkipOnWindows();
        await using PipelineProgram.RunningProgram running = program.Start("out/last.txt");
        await hold.WorksAsync();
        running.Signal(PipelineProgram.Terminate);
        DotnetRun run = await running.EndAsync();
        Assert.Equal(ExitCode.Cancelled, run.ExitCode);
        Assert.False(program.Has("out/held.txt"));
    }

    [Fact(Timeout = 300_000)]
    public async Task A_second_run_is_told_that_there_is_another()
    {
        await using PipelineProgram.RunningProgram running = program.Start("out/held.txt");
        await hold.WorksAsync();
        DotnetRun second = await program.RunAsync("out/sorted.txt");
        Assert.Equal(ExitCode.LedgerHeld, second.ExitCode);
        Assert.StartsWith("LEAT0100: ", second.Errors, StringComparison.Ordinal);
        Assert.Empty(second.Output);
        DotnetRun status = await program.RunAsync("--status");
        Assert.Equal(ExitCode.Success, status.ExitCode);
        await hold.LetGoAsync();
        Assert.Equal(ExitCode.Success, (await running.EndAsync()).ExitCode);
    }
}
