using System.Globalization;
using System.Security.Cryptography;

namespace Leat.Pools;

/// <summary>
/// All that one pool has in Slurm's queue, whichever of its launchers has asked for it: the names of the jobs, the process that cancels them when the
/// program is gone, and what the queue says about them, which is asked with one command for all.
/// </summary>
internal sealed class SlurmJobs : IAsyncDisposable
{
    // However many want to know, the queue is not asked more often than this.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private const int MostCancels = 20;

    private static readonly TimeSpan CancelPause = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    private readonly HashSet<string> names = [];
    private readonly HashSet<string> reasons = [];
    private readonly HashSet<SlurmLauncher> waiting = [];
    private readonly string stem;
    private SlurmKeeper? keeper;
    private int last;
    private long asked = long.MinValue;
    private Task<Dictionary<string, QueuedJob>?>? answer;
    private Task<Dictionary<string, QueuedJob>?>? next;

    public SlurmJobs()
    {
        string program = string.Concat((System.Reflection.Assembly.GetEntryAssembly()?.GetName().Name ?? "program").Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-'));
        stem = $"leat-{program}-{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
    }

    /// <summary>The number of a new job, and its name, which no other one has.</summary>
    public (int Number, string Name) Begin()
    {
        lock (gate)
        {
            keeper ??= SlurmKeeper.TryStart(stem);
            string name = string.Create(CultureInfo.InvariantCulture, $"{stem}.{++last}");
            names.Add(name);
            return (last, name);
        }
    }

    /// <summary>Nobody wants to know of a job any more.</summary>
    public void Forget(string name)
    {
        lock (gate) names.Remove(name);
    }

    /// <summary>One of the launchers has something in the queue that waits for its turn, or has nothing any more.</summary>
    public void NoteWaiting(SlurmLauncher launcher, bool isWaiting)
    {
        lock (gate) _ = isWaiting ? waiting.Add(launcher) : waiting.Remove(launcher);
    }

    /// <summary>True when another launcher waits for what this one may have and not need.</summary>
    public bool IsWaitingBeside(SlurmLauncher launcher)
    {
        lock (gate) return waiting.Any(each => each != launcher);
    }

    /// <summary>True for a reason of waiting that was not told yet.</summary>
    public bool IsNews(string reason)
    {
        lock (gate) return reasons.Add(reason);
    }

    /// <summary>What the queue says about all jobs; null when there is no answer.</summary>
    /// <param name="oldest">An answer to a question from before this will not do, in milliseconds of the system's clock.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<Dictionary<string, QueuedJob>?> AskAsync(long oldest, CancellationToken cancellationToken)
    {
        Task<Dictionary<string, QueuedJob>?> task;
        lock (gate) task = answer is not null && asked >= oldest ? answer : next ??= Task.Run(AskNextAsync);
        await ((Task)task).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return task.IsCompletedSuccessfully ? await task.ConfigureAwait(false) : null;
    }

    /// <summary>Cancels a job, and tries that again for a while where Slurm does not answer.</summary>
    public static async Task CancelAsync(string job, CancellationToken cancellationToken)
    {
        for (int i = 0; i < MostCancels && !await SlurmCommand.TryCancelAsync(job).ConfigureAwait(false); i++)
        {
            await Task.Delay(CancelPause, TimeProvider.System, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (cancellationToken.IsCancellationRequested) return;
        }
    }

    /// <summary>Waits until none of the jobs is left, for a while.</summary>
    public ValueTask DisposeAsync() => keeper?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task<Dictionary<string, QueuedJob>?> AskNextAsync()
    {
        Task<Dictionary<string, QueuedJob>?>? before;
        TimeSpan pause;
        lock (gate)
        {
            before = answer;
            pause = before is null ? TimeSpan.Zero : Pause - TimeSpan.FromMilliseconds(Environment.TickCount64 - asked);
        }

        if (before is not null) await ((Task)before).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (pause > TimeSpan.Zero) await Task.Delay(pause, TimeProvider.System, CancellationToken.None).ConfigureAwait(false);
        Task<Dictionary<string, QueuedJob>?> now;
        lock (gate)
        {
            asked = Environment.TickCount64;
            answer = now = QueuedJob.AskAsync([.. names], CancellationToken.None);
            next = null;
        }

        return await now.ConfigureAwait(false);
    }
}
