using System.Diagnostics;
using Leat.Pools;

namespace Leat.Jobs;

/// <summary>
/// One attempt at an action on a thread of this program.
/// <code>
///   waiting ── its turn ──▶ loading ──▶ running ── returns, throws ──────────────────────────▶ ended
///      │                       │           └─── timeout, cancelled ──▶ late ── returns, 100 ms ──▲
///      └────── cancelled ──────┴─────────────────────────────────────────────────────────────────┘
/// </code>
/// What is left behind runs on for nobody: whatever it does then has no effect on the result.
/// </summary>
internal sealed class ThreadAction(ThreadsRunner runner, ActionCall call) : IThreadPoolWorkItem
{
    // What a body that heeds its token gets to end by itself, as on the pool's stages.
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(100);

    private readonly TaskCompletionSource<ActionResult> result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ActionLog log = new(call.Log);
    private readonly ExecutionContext? context = ExecutionContext.Capture();
    private readonly CancellationTokenSource? late = call.Job.Body!.TakesToken ? new() : null;
    private Turn? turn;
    private CancellationToken cancellation;
    private CancellationTokenRegistration registration;
    private ITimer? timer;
    private Exception? verdict;
    private long started;
    private int ended;

    public Task<ActionResult> RunAsync(CancellationToken cancellationToken)
    {
        cancellation = cancellationToken;
        started = Stopwatch.GetTimestamp();
        if (cancellationToken.IsCancellationRequested)
        {
            End(new OperationCanceledException(cancellationToken));
            return result.Task;
        }

        try
        {
            turn = new Turn(runner.Share, OnTurn);
            bool isTurn = runner.Pool.TryTake(turn);
            if (cancellationToken.CanBeCanceled) registration = cancellationToken.UnsafeRegister(static action => ((ThreadAction)action!).OnCancelled(), this);
            if (isTurn) OnTurn();
        }
        catch (ObjectDisposedException error)
        {
            turn = null;
            End(error);
        }

        return result.Task;
    }

    void IThreadPoolWorkItem.Execute()
    {
        // Cancelled before its thread got to it: the run may have ended, and nothing may write any more.
        if (Volatile.Read(ref ended) != 0) return;
        if (context is null) _ = InvokeAsync();
        else ExecutionContext.Run(context, static action => _ = ((ThreadAction)action!).InvokeAsync(), this);
    }

    private void OnTurn()
    {
        if (Volatile.Read(ref verdict) is { } early) End(early);
        else if (call.Loads.Count > 0) _ = LoadAsync();
        else runner.Start(this);
    }

    // Ahead of the action's thread, for what is behind a wait goes on upon another.
    private async Task LoadAsync()
    {
        try
        {
            ConsoleRouting.Enter(log);
            await runner.LoadAsync(call.Loads, cancellation).ConfigureAwait(false);
            runner.Start(this);
        }
        catch (Exception error)
        {
            End(error);
        }
    }

    private async Task InvokeAsync()
    {
        try
        {
            ConsoleRouting.Enter(log);
            JobScope.Enter(new JobScope(call.Job.Id.Text, call.Inputs, runner.Values));

            // The time that others took to load, or to run before it, is not the action's.
            started = Stopwatch.GetTimestamp();
            if (call.Timeout is { } timeout) StartTimer(timeout, ExecutionErrors.TooLong(call.Job.Id.Text, timeout));
            await call.Job.Body!.Invoke(call.Paths, late?.Token ?? CancellationToken.None).ConfigureAwait(false);
            End(error: null);
        }
        catch (Exception error)
        {
            End(error);
        }
    }

    private void OnCancelled() => EndSoon(new OperationCanceledException(cancellation));

    private void StartTimer(TimeSpan time, Exception error)
    {
        timer = TimeProvider.System.CreateTimer(_ => EndSoon(error), null, time, System.Threading.Timeout.InfiniteTimeSpan);
        if (Volatile.Read(ref ended) != 0) timer.Dispose();
    }

    // The first reason counts.
    private void EndSoon(Exception error)
    {
        if (Interlocked.CompareExchange(ref verdict, error, null) is not null) return;
        if (late is null || turn is { IsTaken: false })
        {
            End(error);
            return;
        }

        // Not here: what the author has registered may block.
        _ = late.CancelAsync();
        _ = EndLaterAsync(error);
    }

    private async Task EndLaterAsync(Exception error)
    {
        await Task.Delay(Grace, TimeProvider.System, CancellationToken.None).ConfigureAwait(false);
        End(error);
    }

    private void End(Exception? error)
    {
        if (Interlocked.Exchange(ref ended, 1) != 0) return;
        TimeSpan time = Stopwatch.GetElapsedTime(started);
        timer?.Dispose();
        registration.Unregister();
        if (turn is not null) runner.Pool.Leave(turn, time);
        error = Volatile.Read(ref verdict) ?? error;
        result.SetResult(new ActionResult(error, time) { Cause = Failure.CauseOf(error, isOverTime: error is TimeoutException && error == verdict), HasLog = log.Close(cancellation.IsCancellationRequested ? null : error) });
    }
}
