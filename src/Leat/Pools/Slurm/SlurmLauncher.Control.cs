using Leat.Scheduling;

namespace Leat.Pools;

// When allocations are asked for, and when they are given back.
internal sealed partial class SlurmLauncher
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    // Something has to wait for so long before more is asked for than there is: a worker may be about to take it.
    private const long GrowAfter = 1_000;

    // What is idle may be what others of the pool's wait for: then it is given back in a tenth of the time.
    private const double IdleParts = 10;

    // So long before its end what an allocation still has in hand goes to others.
    private const long LastMoment = 5_000;

    // When so many in a row have been given back because no agent answered, the next ones would not either.
    private const int MostSilences = 3;

    private const long FirstPeriod = 2_000;
    private const long QueuePeriod = 10_000;
    private const long FirstTime = 60_000;

    private int failures;
    private int silences;
    private long pausedUntil;
    private LeatException? refusal;
    private long? demandSince;
    private long? quietSince;
    private long nextQuery;
    private long queuedSince;

    private async Task ControlAsync()
    {
        while (!ending.IsCancellationRequested)
        {
            isWanted = false;
            int waiting = Watchers.Waiting;
            LookAtWorkers();
            Grow(waiting);
            Shrink();
            await QueryAsync().ConfigureAwait(false);
            if (waiting > 0) FailWhereRefused();
            lock (gate)
            {
                jobs.NoteWaiting(this, allocations.Exists(static each => each.State == HostState.Queued));
                if (waiting == 0 && allocations.Count == 0 && options.Minimum == 0 && !isWanted)
                {
                    isRunning = false;
                    return;
                }
            }

            await Task.Delay(Tick, TimeProvider.System, ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        jobs.NoteWaiting(this, isWaiting: false);
    }

    private void LookAtWorkers()
    {
        (Allocation Allocation, HashSet<WorkerConnection> Workers)[] all;
        lock (gate)
        {
            all = [.. allocations.Where(each => each.Link is not null).Select(each => (each, each.Workers.ToHashSet()))];
        }

        foreach ((Allocation allocation, HashSet<WorkerConnection> workers) in all)
        {
            WorkerUse use = Watchers.UseOf(workers.Contains);
            lock (gate) allocation.Note(use, Environment.TickCount64);
        }
    }

    private void Grow(int waiting)
    {
        long now = Environment.TickCount64;
        lock (gate)
        {
            if (waiting > 0) (demandSince, quietSince) = (demandSince ?? now, null);
            else (demandSince, quietSince) = (null, quietSince ?? now);
            if (now < pausedUntil || ending.IsCancellationRequested) return;
            int there = allocations.Count(each => each.IsWanted);
            int missing = waiting - allocations.Where(each => each.IsWanted).Sum(each => Math.Max(0, each.Free));
            int more = demandSince is { } since && (there == 0 || now - since >= GrowAfter) ? (Math.Max(0, missing) + options.Workers - 1) / options.Workers : 0;
            more = Math.Min(Math.Max(more, options.Minimum - there), options.Maximum - there);
            if (more <= 0) return;
            refusal = null;
            queuedSince = now;
            nextQuery = now + (long)Tick.TotalMilliseconds;
            for (int i = 0; i < more; i++) Ask();
        }
    }

    private void Shrink()
    {
        long now = Environment.TickCount64;
        double idleTime = IdleTime;
        List<Allocation> over;
        List<Allocation> unwanted = [];
        List<Allocation> silent = [];
        List<HashSet<WorkerConnection>> retired = [];
        lock (gate)
        {
            int there = allocations.Count(each => each.IsWanted);
            foreach (Allocation each in allocations.Where(each => each.IsWanted).ToArray())
            {
                bool isIdle = each.IdleSince is { } idle && now - idle >= idleTime;
                bool isVain = each.IsComing && quietSince is { } quiet && now - quiet >= options.IdleTime.TotalMilliseconds;
                bool isStuck = each.IsComing && each.GivenAt is { } given && now - given > Silence.TotalMilliseconds;
                if (each.State == HostState.Up && !isForOne && each.IsNearEnd(options.DrainTime, now)) each.Drain("Its time is nearly over: it gets no new work.");
                else if (each.State == HostState.Up && isIdle && there > options.Minimum) each.Drain("It is not needed any more.");
                else if (isStuck) silent.Add(each);
                else if (isVain && there > options.Minimum) unwanted.Add(each);
                else continue;
                there--;
            }

            if (silent.Count > 0) Pause(++silences < MostSilences ? null : SlurmErrors.Silent(silent[^1].Name, Silence));
            foreach (Allocation each in unwanted.Concat(silent)) each.IsEnding = true;
            over = TakeOver(retired, now);
            Update();
        }

        foreach (Allocation each in silent) Tell(SlurmErrors.Silent(each.Name, Silence).Message);
        foreach (HashSet<WorkerConnection> workers in retired) Watchers.Retire(workers.Contains);
        foreach (Allocation each in over) Keep(() => each.Link!.EndAsync("it was given back"));
        foreach (Allocation each in unwanted.Concat(silent)) Keep(() => AbandonAsync(each));
    }

    // How long an allocation may be there without a word of its agent.
    private TimeSpan Silence => 2 * options.ConnectTimeout;

    // In milliseconds.
    private double IdleTime
    {
        get
        {
            double all = options.IdleTime.TotalMilliseconds;
            return jobs.IsWaitingBeside(this) ? Math.Min(all, Math.Max(Tick.TotalMilliseconds, all / IdleParts)) : all;
        }
    }

    // Those that get no new work, and have done what they had or have no time left for it. The lock is held.
    private List<Allocation> TakeOver(List<HashSet<WorkerConnection>> retired, long now)
    {
        List<Allocation> over = [];
        foreach (Allocation each in allocations.Where(each => each.State == HostState.Draining && !each.IsEnding))
        {
            retired.Add([.. each.Workers]);
            bool isIdle = each.IdleSince is not null;
            if (!isIdle && !(each.EndsAt is { } end && end - now < LastMoment)) continue;
            if (!isIdle) each.Ended.TrySetResult(SlurmEnds.TimeLimit);
            each.IsEnding = true;
            over.Add(each);
        }

        return over;
    }

    private void Keep(Func<Task> work)
    {
        lock (gate) Keep(Task.Run(work));
    }

    private static async Task AbandonAsync(Allocation allocation)
    {
        await SlurmCommand.TryCancelAsync(allocation.Job).ConfigureAwait(false);
        await allocation.Attempt.CancelAsync().ConfigureAwait(false);
    }

    // One question for all of them.
    private async Task QueryAsync()
    {
        long now = Environment.TickCount64;
        long period;
        lock (gate)
        {
            if (allocations.Count == 0 || now < nextQuery) return;
            bool isAny = allocations.Exists(each => each.IsComing);
            period = (long)options.StatusPeriod.TotalMilliseconds;
            if (isAny) period = Math.Min(period, now - queuedSince < FirstTime ? FirstPeriod : QueuePeriod);
            nextQuery = now + period;
        }

        // What others have just asked will do.
        if (await jobs.AskAsync(now - (period / 2), ending.Token).ConfigureAwait(false) is not { } seen)
        {
            // A controller that is slow is not made quicker by questions.
            nextQuery = Environment.TickCount64 + Math.Max(period, QueuePeriod);
            return;
        }

        string news = "";
        List<Allocation> hopeless = [];
        lock (gate)
        {
            foreach (Allocation each in allocations)
            {
                if (!seen.TryGetValue(each.Job, out QueuedJob job)) continue;
                each.Take(job, Environment.TickCount64);
                if (each.State != HostState.Queued || each.IsEnding) continue;
                if (SlurmEnds.IsHopeless(job.Reason))
                {
                    each.Refusal = SlurmErrors.NeverRuns(each.Name, job.Reason);
                    hopeless.Add(each);
                }
                else
                {
                    news = $"Slurm lets what the pool asks for wait: {job.Reason}.";
                }
            }
        }

        if (news.Length > 0 && jobs.IsNews(news)) Tell(news);
        foreach (Allocation each in hopeless) Keep(() => AbandonAsync(each));
    }

    // The lock is held.
    private void Pause(LeatException? by)
    {
        pausedUntil = Environment.TickCount64 + (long)new Backoff(Tick, options.LongestPause).Behind(++failures).TotalMilliseconds;
        refusal = by;
    }

    // What Slurm has refused once it would refuse again; where there are workers, they go on without the others.
    private void FailWhereRefused()
    {
        LeatException? error;
        lock (gate)
        {
            error = allocations.Count == 0 ? refusal : null;
        }

        if (error is not null) Watchers.OnHopeless(error);
    }

    private void Tell(string text) => Watchers.OnTold($"{text.TrimEnd()}\n");
}
