using System.Diagnostics;
using Leat.Pools;
using Leat.Storage;

namespace Leat.Calls;

// Calls that are made in other processes.
internal sealed partial class FunctionNode<TOut>
{
    private const double HandfulTime = 1_000_000;
    private const int MostInHandful = 256;
    private const int LookedUpAtOnce = 16;

    private static readonly FileDigests NoCache = new();

    private PoolSession<RemoteCall, RemoteResult>? session;

    private int Handful
    {
        get
        {
            double mean = session?.MeanTime ?? 0;
            int most = mean > 0 ? (int)Math.Clamp(HandfulTime / mean, 1, MostInHandful) : 1;
            return identity is null ? most : Math.Max(most, LookedUpAtOnce);
        }
    }

    private async Task ExecuteRemotelyAsync(List<CallSite> sites)
    {
        List<(CallSite Site, CallLog.Miss? Miss)> open = [];
        List<RemoteCall> calls = [];
        foreach (CallSite site in sites)
        {
            try
            {
                if (Prepare(site, out CallLog.Miss? miss) is not { } call) continue;
                open.Add((site, miss));
                calls.Add(call);
            }
            catch (Exception error)
            {
                FailOrRetry(site, error);
            }
        }

        if (open.Count == 0) return;
        try
        {
            session ??= ((ProcessExecutor)executor).SessionOf(function);
            await SendAsync(session, open, [.. calls]).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            foreach ((CallSite site, _) in open) FailOrRetry(site, error);
        }
    }

    // Null when nothing has to be sent: the result was found, or an argument is lost.
    private RemoteCall? Prepare(CallSite site, out CallLog.Miss? miss)
    {
        miss = null;
        CallKey? key = null;
        site.Started = Stopwatch.GetTimestamp();
        Cache? cache = function.Options.Cache;
        if (cache is not null)
        {
            key = KeyOf(site, cache);
            if (!IsFirst(site, cache, key)) return null;
        }

        var bytes = new RemoteArgument[Inputs.Length];
        for (int input = 0; input < Inputs.Length; input++)
        {
            if (((ProcessExecutor)executor).RefersToStores && Inputs[input].StoredOf(site.Slots[input]) is { } stored)
            {
                bytes[input] = new RemoteArgument(default, stored);
                continue;
            }

            EncodedValue? encoded = Inputs[input].TryEncode(site.Slots[input], cache?.Files ?? NoCache, out (CallNode Node, int Slot) lost);
            if (encoded is null)
            {
                Revive(lost, site);
                return null;
            }

            bytes[input] = new RemoteArgument(encoded.Bytes, Stored: null);
            if (cache is not null && !encoded.Files.IsEmpty) site.Sent.Add(encoded with { Bytes = default });
        }

        if (key is not null) miss = NoteMiss(site, key);
        return new RemoteCall(bytes);
    }

    private async Task SendAsync(PoolSession<RemoteCall, RemoteResult> session, List<(CallSite Site, CallLog.Miss? Miss)> open, RemoteCall[] calls)
    {
#pragma warning disable CA2000 // A thread that has just taken the last outcome in may still release it, and it holds no handle.
        var progress = new SemaphoreSlim(0);
#pragma warning restore CA2000
        // Those of which nobody knows how long they take may each go to another worker.
        int piece = session.MeanTime > 0 ? calls.Length : 1;
        IEnumerable<(int From, int To)> ranges = Enumerable.Range(0, (calls.Length + piece - 1) / piece).Select(i => (i * piece, Math.Min(calls.Length, (i + 1) * piece)));
        Submission<RemoteCall, RemoteResult> submission = session.Submit(calls, ranges, isLast: false, () => progress.Release());
        using CancellationTokenRegistration registration = Run.Token.UnsafeRegister(static it => ((Submission)it!).Cancel(), submission);
        for (int left = open.Count; left > 0;)
        {
            if (!submission.TryGetNews(out int index))
            {
                await progress.WaitAsync().ConfigureAwait(false);
                continue;
            }

            OutcomeState state = submission.Take(index, out RemoteResult result, out List<RemoteResult>? results, out Exception? error);
            if (state is OutcomeState.Waiting or OutcomeState.Part) continue;
            left--;
            (CallSite site, CallLog.Miss? miss) = open[index];
            if (state == OutcomeState.Done) TakeResult(site, miss, results is [var first, ..] ? first : result);
            else FailOrRetry(site, error ?? new OperationCanceledException(Run.Token));
        }
    }

    // The worker does not see a store: so nothing is told by its digest any more.
    private void TakeAgainWithValues(CallSite site)
    {
        ((ProcessExecutor)executor).NoteBlind();
        if (!site.TryEnd()) return;
        site.Flight?.GiveUp();
        lock (Run.Gate)
        {
            TakeAgain(site.Slot);
            Run.Drain();
        }

        Run.Pump();
    }

    private void TakeResult(CallSite site, CallLog.Miss? miss, RemoteResult result)
    {
        try
        {
            Run.Token.ThrowIfCancellationRequested();
            if (result.IsBlind)
            {
                TakeAgainWithValues(site);
                return;
            }

            CachedValue? kept = miss is null ? null : Keep(site, function.Options.Cache!, miss, result.Value, result.Time);

            // From the store others get it without its going through here once more.
            if (kept is { Stored.Length: >= LeastReferred } && !NeedsValues && ((ProcessExecutor)executor).RefersToStores) FinishEncoded(site, kept, CallOrigin.Ran, result.Time);
            else if (NeedsValues) Finish(site, result.Value.Decode<TOut>(), result.Value, CallOrigin.Ran, result.Time);
            else FinishEncoded(site, result.Value, CallOrigin.Ran, result.Time);
        }
        catch (Exception error)
        {
            FailOrRetry(site, error);
        }
    }
}
