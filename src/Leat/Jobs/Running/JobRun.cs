namespace Leat;

/// <summary>A run of a graph that goes on.</summary>
public sealed class JobRun : IAsyncDisposable
{
    private readonly Leat.Jobs.RunEngine engine;

    internal JobRun(Leat.Jobs.RunEngine engine) => this.engine = engine;

    /// <summary>The run's id, which is the name of its folder under <c>.leat/runs</c>.</summary>
    public string Id => engine.Id;

    /// <summary>
    /// Completes with what the run has done, also where jobs failed. It fails with a <see cref="LeatException"/> when the run as such can't go on: a circle
    /// of dependencies, a ledger that another run has, input files that are missing.
    /// </summary>
    public Task<RunReport> Completion => engine.Completion;

    /// <summary>How far it is.</summary>
    public RunProgress Progress => engine.Progress;

    /// <summary>The jobs that are running now, the longest first.</summary>
    public IReadOnlyList<RunningJob> Running => engine.Running;

    /// <summary>Starts nothing more; what runs is finished.</summary>
    public void Stop() => engine.Stop();

    /// <summary>Starts nothing more, and ends what runs at once.</summary>
    public void Cancel() => engine.Cancel();

    /// <summary>Ends a job that runs: it fails.</summary>
    /// <returns>False if it does not run.</returns>
    public bool Kill(JobId job) => engine.Kill(job);

    /// <summary>Cancels the run if it still goes on, and waits for its end.</summary>
    public async ValueTask DisposeAsync()
    {
        engine.Cancel();
        await ((Task)engine.Completion).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}

/// <summary>How far a run is.</summary>
/// <remarks>What is only looked at or loaded, and generators and injectors, which run in every run, count only where they failed, as in a <see cref="RunReport"/>.</remarks>
/// <param name="Total">Jobs that are wanted or needed, as far as is known.</param>
/// <param name="Succeeded">Jobs that ran.</param>
/// <param name="UpToDate">Jobs that did not have to run.</param>
/// <param name="Failed">Jobs that failed, and jobs that could not run because of them.</param>
/// <param name="Running">Jobs that are running.</param>
/// <param name="Waiting">Jobs that must run and wait for their turn.</param>
/// <param name="Remaining">How long the rest will take, by what jobs took before; null if nobody can say.</param>
/// <param name="Obstacle">What all that could run waits for: another run on the machine, for one; null if nothing does.</param>
public sealed record RunProgress(int Total, int Succeeded, int UpToDate, int Failed, int Running, int Waiting, TimeSpan? Remaining, string? Obstacle);

/// <summary>A job that is running.</summary>
/// <param name="Job">Its name.</param>
/// <param name="Started">When this attempt began.</param>
/// <param name="Time">How long it has been running.</param>
/// <param name="Attempt">Which attempt, from 1.</param>
/// <param name="Expected">How long it took when it last succeeded; null if it never did.</param>
/// <param name="Log">The file that has what it writes; it is there as soon as it has written something.</param>
public sealed record RunningJob(JobId Job, DateTimeOffset Started, TimeSpan Time, int Attempt, TimeSpan? Expected, string Log)
{
    /// <summary>The machine that it runs on, as the pool names it; null for this one.</summary>
    public string? Machine { get; init; }
}
