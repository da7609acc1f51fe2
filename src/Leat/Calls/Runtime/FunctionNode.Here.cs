using System.Diagnostics;
using Leat.Storage;

namespace Leat.Calls;

// Calls that are made in this process.
internal sealed partial class FunctionNode<TOut>
{
    private readonly FunctionIdentity? identity;

    private bool IsPlain => function.Options is { Cache: null, Limit: null };

    private Task ExecuteAsync(CallSite site)
    {
        if (!IsPlain) return ExecuteWithOptionsAsync(site);
        // Most calls, and they shall cost little.
        ValueTask<TOut> result;
        site.Started = Stopwatch.GetTimestamp();
        try
        {
            if (!TryResolve(site)) return Task.CompletedTask;
            result = BeginAsync(site, Run.Token);
            if (result.IsCompletedSuccessfully)
            {
                Finish(site, result.Result, null, CallOrigin.Ran, Stopwatch.GetElapsedTime(site.Started));
                return Task.CompletedTask;
            }
        }
        catch (Exception error)
        {
            FailOrRetry(site, error);
            return Task.CompletedTask;
        }

        return AwaitAsync(site, result);
    }

    private async Task AwaitAsync(CallSite site, ValueTask<TOut> result)
    {
        try
        {
            TOut value = await result.ConfigureAwait(false);
            Finish(site, value, null, CallOrigin.Ran, Stopwatch.GetElapsedTime(site.Started));
        }
        catch (Exception error)
        {
            FailOrRetry(site, error);
        }
    }

    private async Task ExecuteWithOptionsAsync(CallSite site)
    {
        site.Started = Stopwatch.GetTimestamp();
        try
        {
            if (identity is null)
            {
                if (TryResolve(site)) Finish(site, await InvokeAsync(site).ConfigureAwait(false), null, CallOrigin.Ran, Stopwatch.GetElapsedTime(site.Started));
                return;
            }

            await ExecuteCachedAsync(site, function.Options.Cache!).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            FailOrRetry(site, error);
        }
    }

    private async Task ExecuteCachedAsync(CallSite site, Cache cache)
    {
        CallKey key = KeyOf(site, cache);
        if (!IsFirst(site, cache, key)) return;
        long started = site.Started = Stopwatch.GetTimestamp();
        if (!TryResolve(site)) return;
        CallLog.Miss miss = NoteMiss(site, key);
        TOut value = await InvokeAsync(site).ConfigureAwait(false);
        TimeSpan time = Stopwatch.GetElapsedTime(started);
        EncodedValue form = EncodedValue.Of(value, cache.Files);
        // One that was told to end may have given what it had.
        Run.Token.ThrowIfCancellationRequested();
        Keep(site, cache, miss, form, time);
        Finish(site, value, form, CallOrigin.Ran, time);
    }

    private async ValueTask<TOut> InvokeAsync(CallSite site)
    {
        if (function.Options.Limit is not { } timeout) return await BeginAsync(site, Run.Token).ConfigureAwait(false);
        Exception TimeIsUp() => CallErrors.Timeout(Name, timeout);
        using var limit = new CallLimit(site, timeout, function.Body.TakesToken, TimeIsUp, Run.Token);
        try
        {
            TOut value = await BeginAsync(site, limit.Token).ConfigureAwait(false);
            return limit.HasFired ? throw TimeIsUp() : value;
        }
        catch (OperationCanceledException) when (limit.HasFired)
        {
            throw TimeIsUp();
        }
    }

    // While the author's code runs, the thread is not the engine's: what that sets going is told to others.
#pragma warning disable RCS1229 // What comes behind the first wait runs on other threads.
    private ValueTask<TOut> BeginAsync(CallSite site, CancellationToken cancellationToken)
    {
        CallWorker? worker = CallWorker.Current;
        CallWorker.Current = null;
        // In the culture of who started the run, whatever the call before has left on the thread.
        if (worker is not null && Run.Context is { } context) ExecutionContext.Restore(context);
        if (site.Flight is { } flight) CallsUnderWay.Enter(flight.Key);
        try
        {
            return function.Body.Invoke(site, cancellationToken);
        }
        finally
        {
            CallWorker.Current = worker;
        }
    }
#pragma warning restore RCS1229

    private CallKey KeyOf(CallSite site, Cache cache)
    {
        var digests = System.Collections.Immutable.ImmutableArray.CreateBuilder<Leat.Encoding.Digest>(Inputs.Length);
        for (int input = 0; input < Inputs.Length; input++) digests.Add(Inputs[input].DigestOf(site.Slots[input], cache.Files));
        return new CallKey(identity!, digests.MoveToImmutable());
    }

    // False when the call has ended, because its result is in the cache, or waits for an equal one.
    private bool IsFirst(CallSite site, Cache cache, CallKey key)
    {
        if (IsRevived(site.Slot)) return true;
        if (TryTake(site, cache.Find(key))) return false;
        if (!cache.TryFly(key.Digest, out Flight flight))
        {
            CallSite copy = site.Copy();
            if (site.TryEnd()) _ = ShareAsync(copy, flight);
            return false;
        }

        site.Flight = flight;
        // One that has just landed has kept its result before it went.
        return !TryTake(site, cache.FindAgain(key));
    }

    // Ends the call with what the cache has found.
    private bool TryTake(CallSite site, CachedValue? found)
    {
        if (found is null) return false;
        if (!NeedsValues)
        {
            FinishEncoded(site, found, CallOrigin.FromCache, found.Time);
            return true;
        }

        if (found.Load() is not { } form) return false;
        Finish(site, form.Decode<TOut>(), form, CallOrigin.FromCache, found.Time);
        return true;
    }

    // Takes the result of an equal call that is under way. Its place is meanwhile for others.
    private async Task ShareAsync(CallSite site, Flight flight)
    {
        site.Started = Stopwatch.GetTimestamp();
        try
        {
            TimeSpan longest = function.Options.Limit ?? Timeout.InfiniteTimeSpan;
            if (await flight.Landed.WaitAsync(longest, TimeProvider.System, Run.Token).ConfigureAwait(false) is { } form)
            {
                if (NeedsValues) Finish(site, form.Decode<TOut>(), form, CallOrigin.Shared, TimeSpan.Zero);
                else FinishEncoded(site, form, CallOrigin.Shared, TimeSpan.Zero);
                return;
            }
        }
        catch (TimeoutException) when (!flight.Landed.IsCompleted)
        {
            FailOrRetry(site, CallErrors.Timeout(Name, function.Options.Limit!.Value));
            return;
        }
        catch (Exception error)
        {
            FailOrRetry(site, error);
            return;
        }

        lock (Run.Gate)
        {
            TakeAgain(site.Slot);
        }

        Run.Pump();
    }

    private CachedValue? Keep(CallSite site, Cache cache, CallLog.Miss miss, EncodedValue form, TimeSpan time)
    {
        IEnumerable<EncodedValue> used = Enumerable.Range(0, Inputs.Length).SelectMany(input => Inputs[input].FormsOf(site.Slots[input])).Concat(site.Sent);
        return cache.MayKeep(identity!, used, Name) ? cache.Store(miss.Key, form, time, index => miss.Arguments[index]) : null;
    }

    private CallLog.Miss NoteMiss(CallSite site, CallKey key)
    {
        var texts = new string[Inputs.Length];
        for (int input = 0; input < texts.Length; input++) texts[input] = Inputs[input].Describe(site.Slots[input]);
        var miss = new CallLog.Miss(key, texts);
        log.NoteMiss(site.Slot, miss);
        return miss;
    }
}
