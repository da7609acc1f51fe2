using Leat.Encoding;
using Leat.Streams;

namespace Leat;

/// <summary>
/// A run of one or more pipes that goes on by itself, and that can be watched, paused, resumed and stopped.
/// Disposing it cancels what still runs and waits for its end.
/// </summary>
/// <remarks>
/// <code>
///   Running --PauseAsync--> Paused --Resume--> Running
///   Running, Paused --StopAsync--> Stopping --> Completed
///   any --a stage fails--> Failed        any --cancelled, disposed--> Cancelled
/// </code>
/// </remarks>
[StaysHere("a flow runs in the program that started it; take the numbers of it that the lambda needs")]
public sealed class Flow : IAsyncDisposable
{
    private static readonly TimeSpan LongestPull = TimeSpan.FromMilliseconds(100);

    private readonly Run run;
    private readonly FlowOptions options;
    private readonly IReadOnlyList<Pipe> pipes;
    private readonly CancellationToken cancellationToken;
    private readonly long startedAt;
    private readonly Lock progressGate = new();
    private TimeSpan? elapsed;

    private Flow(IReadOnlyList<Pipe> pipes, FlowOptions options, CancellationToken cancellationToken)
    {
        this.pipes = pipes;
        this.options = options;
        this.cancellationToken = cancellationToken;
        run = new Run(options);
        RunBuilder.Build(run, [.. pipes.Select(pipe => pipe.Closed())]);
        startedAt = options.Clock.GetTimestamp();
        run.Start(cancellationToken);
        ITimer? progress = options.Progress is null
            ? null
            : options.Clock.CreateTimer(_ => TellProgress(null), null, options.ProgressInterval, options.ProgressInterval);
        Completion = CompleteAsync(progress);
    }

    /// <summary>
    /// Completes when nothing of the run is at work any more; fails with a <see cref="PipelineException"/> when a stage
    /// failed, and is cancelled when the run was.
    /// </summary>
    public Task Completion { get; }

    /// <summary>What the flow is doing.</summary>
    public FlowState State => Completion.IsCompleted
        ? Completion.IsFaulted ? FlowState.Failed : Completion.IsCanceled ? FlowState.Cancelled : FlowState.Completed
        : run.IsStopping ? FlowState.Stopping
        : run.IsPaused ? FlowState.Paused
        : FlowState.Running;

    /// <summary>The flow at this moment.</summary>
    public FlowStats Stats => StatsIn(State);

    /// <summary>Starts pipes as one run. What comes out of an open end is dropped.</summary>
    /// <param name="pipes">The pipes; those that share a pipe get the items of one evaluation.</param>
    /// <exception cref="ArgumentException">There are none.</exception>
    public static Flow Start(params ReadOnlySpan<Pipe> pipes) => Start(pipes.ToArray(), FlowOptions.Default);

    /// <summary>Starts pipes as one run. What comes out of an open end is dropped.</summary>
    /// <param name="pipes">The pipes; those that share a pipe get the items of one evaluation.</param>
    /// <param name="options">How the flow tells about itself.</param>
    /// <param name="cancellationToken">Ends the run at once.</param>
    /// <exception cref="ArgumentException">There are none.</exception>
    public static Flow Start(IReadOnlyList<Pipe> pipes, FlowOptions? options = null, CancellationToken cancellationToken = default) =>
        pipes.Count > 0 ? new Flow(pipes, options ?? FlowOptions.Default, cancellationToken) : throw StreamErrors.NothingToRun();

    /// <summary>Starts a pipe.</summary>
    /// <param name="pipe">The pipe.</param>
    /// <param name="options">How the flow tells about itself.</param>
    /// <param name="cancellationToken">Ends the run at once.</param>
    public static Flow Start(Pipe pipe, FlowOptions options, CancellationToken cancellationToken = default) =>
        Start([pipe], options, cancellationToken);

    /// <summary>
    /// Makes the sources pull nothing more until <see cref="Resume"/>; what was pulled flows on, and nothing is lost.
    /// A source that is in the middle of a pull keeps the item that it gets.
    /// </summary>
    /// <exception cref="InvalidOperationException">The flow is not running.</exception>
    public async Task PauseAsync()
    {
        if (State != FlowState.Running)
        {
            throw StreamErrors.NotPausable(StateInWords);
        }

        run.Pause();
        long since = TimeProvider.System.GetTimestamp();
        while (run.Nodes.Any(node => node is ISourceNode { IsPulling: true }) && TimeProvider.System.GetElapsedTime(since) < LongestPull)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>Lets the sources pull again.</summary>
    /// <exception cref="InvalidOperationException">The flow is not paused.</exception>
    public void Resume()
    {
        if (State != FlowState.Paused)
        {
            throw StreamErrors.NotPaused(StateInWords);
        }

        run.Resume();
    }

    /// <summary>
    /// Ends the flow: the sources end as if they had no more items, what was pulled flows out, and the task completes
    /// when all is done. Does nothing to a flow that has ended.
    /// </summary>
    /// <param name="drain">False to drop what was pulled; the flow is then cancelled.</param>
    /// <exception cref="PipelineException">A stage has failed meanwhile.</exception>
    /// <exception cref="OperationCanceledException">The flow was cancelled meanwhile.</exception>
    public async Task StopAsync(bool drain = true)
    {
        if (Completion.IsCompleted)
        {
            return;
        }

        if (!drain)
        {
            run.Cancel();
            await Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return;
        }

        run.StopPulling();
        await Completion.ConfigureAwait(ConfigureAwaitOptions.None);
    }

    /// <summary>Waits for the end, as <see cref="Completion"/> does, but not for ever.</summary>
    /// <param name="timeout">How long to wait.</param>
    /// <exception cref="TimeoutException">The flow goes on.</exception>
    /// <exception cref="PipelineException">A stage has failed.</exception>
    /// <exception cref="OperationCanceledException">The flow was cancelled.</exception>
    public async Task WaitAsync(TimeSpan timeout)
    {
        try
        {
            await Completion.WaitAsync(timeout, options.Clock).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!Completion.IsCompleted)
        {
            throw StreamErrors.NotCompleted(timeout);
        }
    }

    /// <summary>The flow's shape in Mermaid's notation, which many viewers of Markdown draw.</summary>
    public string ToMermaid() => Drawing.Of(pipes).ToMermaid();

    /// <summary>The flow's shape in the DOT language of Graphviz.</summary>
    public string ToDot() => Drawing.Of(pipes).ToDot();

    /// <summary>The flow's shape as JSON: an object with <c>nodes</c> (id, name, kind, workers) and <c>edges</c> (from, to).</summary>
    public string ToJson() => Drawing.Of(pipes).ToJson();

    /// <summary>Cancels what still runs and waits for its end.</summary>
    public async ValueTask DisposeAsync()
    {
        run.Cancel();
        await Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private string StateInWords => State switch
    {
        FlowState.Completed => "completed",
        FlowState.Failed => "failed",
        FlowState.Cancelled => "cancelled",
        FlowState.Stopping => "stopping",
        FlowState.Paused => "paused already",
        _ => "running",
    };

    private FlowStats StatsIn(FlowState state)
    {
        TimeSpan time = elapsed ?? options.Clock.GetElapsedTime(startedAt);
        return new FlowStats(state, time, StatsReader.Read(run, time));
    }

    private async Task CompleteAsync(ITimer? progress)
    {
        await run.Ended.ConfigureAwait(false);
        elapsed = options.Clock.GetElapsedTime(startedAt);
        Exception? error = run.Outcome(cancellationToken);
        if (progress is not null)
        {
            await progress.DisposeAsync().ConfigureAwait(false);
            TellProgress(error switch
            {
                null => FlowState.Completed,
                PipelineException => FlowState.Failed,
                _ => FlowState.Cancelled,
            });
        }

        if (error is not null)
        {
            throw error;
        }
    }

    // With a final state the caller waits for its turn; a tick that comes while another is told is left out.
    private void TellProgress(FlowState? final)
    {
        if (final is not null)
        {
            progressGate.Enter();
        }
        else if (elapsed is not null || !progressGate.TryEnter())
        {
            return;
        }

        try
        {
            options.Progress!(StatsIn(final ?? State));
        }
        catch (Exception)
        {
            // A listener's fault must not change what it listens to.
        }
        finally
        {
            progressGate.Exit();
        }
    }
}
