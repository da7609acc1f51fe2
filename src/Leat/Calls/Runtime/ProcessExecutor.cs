using Leat.Pools;

namespace Leat.Calls;

/// <summary>
/// Lets a pool of processes make calls. For each process two handfuls are under way, so that none has to wait for its next one; a
/// handful holds calls of one function.
/// </summary>
internal sealed class ProcessExecutor(Evaluation run, ProcessPool pool) : Executor(run)
{
    private const int HandsOfProcess = 2;

    private readonly Dictionary<object, PoolSession> sessions = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<CallSite> taken = [];
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly bool isRemote = pool.IsRemote;
    private volatile bool isBlind;
    private int hands;
    private bool closed;

    public override Task Ended => ended.Task;

    /// <summary>
    /// True while large arguments that are in a store are told by their digest: where workers are on other machines, until one does not see the store.
    /// </summary>
    public bool RefersToStores => isRemote && !isBlind;

    protected override int Size => pool.Size;

    public override void Pump()
    {
        lock (Run.Gate)
        {
            if (closed || hands >= pool.Size * HandsOfProcess || Next() is null) return;
            hands++;
        }

        ThreadPool.UnsafeQueueUserWorkItem(static it => _ = it.WorkAsync(), this, preferLocal: false);
    }

    public override void Close()
    {
        lock (Run.Gate) closed = true;
        EndIfDone();
    }

    public override void LeaveAllBehind()
    {
        CallSite[] all;
        lock (Run.Gate) all = [.. taken];
        foreach (CallSite site in all)
        {
            if (site.TryEnd()) site.Flight?.GiveUp();
        }
    }

    /// <summary>The session in which a function's calls are made.</summary>
    public PoolSession<RemoteCall, RemoteResult> SessionOf<TOut>(CallFunction<TOut> function)
    {
        lock (sessions)
        {
            if (!sessions.TryGetValue(function, out PoolSession? session)) sessions.Add(function, session = RemoteCalls.Open(pool, function));
            return (PoolSession<RemoteCall, RemoteResult>)session;
        }
    }

    /// <summary>A worker does not see a store that this program sees.</summary>
    public void NoteBlind() => isBlind = true;

    private async Task WorkAsync()
    {
        while (TakeHandful() is { } sites)
        {
            // Others may have something to do as well.
            Pump();
            Run.LetSourcesWork();
            List<CallSite> possible = [];
            foreach (CallSite site in sites)
            {
                if (Refuse(site) is { } refusal) site.Node.Fail(site, refusal);
                else possible.Add(site);
            }

            if (possible.Count > 0) await possible[0].Node.ExecuteRemotelyAsync(possible).ConfigureAwait(false);
            lock (Run.Gate)
            {
                foreach (CallSite site in sites)
                {
                    taken.Remove(site);
                    Leave(site);
                }
            }
        }

        Run.Pump();
        EndIfDone();
    }

    private List<CallSite>? TakeHandful()
    {
        lock (Run.Gate)
        {
            List<CallSite> sites = [];
            while (!closed && Next() is { } node)
            {
                int most = node.Options.Resources == Resources.Default ? node.Handful : 1;
                while (sites.Count < most && Next() == node)
                {
                    var site = new CallSite();
                    if (!TryTake(node, site)) break;
                    sites.Add(site);
                    taken.Add(site);
                }

                if (sites.Count > 0) return sites;
            }

            hands--;
            return null;
        }
    }

    private void EndIfDone()
    {
        lock (Run.Gate)
        {
            if (!closed || hands > 0) return;
        }

        _ = CloseSessionsAsync();
    }

    private async Task CloseSessionsAsync()
    {
        PoolSession[] all;
        lock (sessions)
        {
            all = [.. sessions.Values];
            sessions.Clear();
        }

        await Task.WhenAll(all.Select(pool.CloseAsync)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ended.TrySetResult();
    }
}
