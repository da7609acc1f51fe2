using System.Runtime.InteropServices;
using Leat.Encoding;

namespace Leat.Storage;

/// <summary>Calls a function, or takes the result of an equal call: from the cache, or from one that is under way.</summary>
/// <typeparam name="TOut">What it returns.</typeparam>
/// <param name="cache">Where results are kept.</param>
/// <param name="function">What counts in keys.</param>
/// <param name="name">What people call it.</param>
internal sealed class CachedFunction<TOut>(Cache cache, Delegate function, string name)
{
    /// <summary>Calls the function. When it completes at once, so does this.</summary>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="run">Runs it.</param>
    /// <param name="texts">Tells an argument in a few words, by its index.</param>
    /// <param name="cancellationToken">Ends the waiting for another call; the function has its own copy.</param>
    /// <exception cref="LeatException">The function can't be part of a key, or its result can't be encoded.</exception>
    public async ValueTask<TOut> CallAsync(
        EncodedValue[] arguments, Func<ValueTask<TOut>> run, Func<int, string> texts, CancellationToken cancellationToken)
    {
        CallKey key = KeyOf(arguments);
        while (true)
        {
            if (TryTake(cache.Find(key), out TOut? found)) return found;
            if (cache.TryFly(key.Digest, out Flight flight)) return await RunAsync(key, arguments, run, texts, flight, cancellationToken).ConfigureAwait(false);
            if (CallsUnderWay.Has(key.Digest)) throw StorageErrors.CallsItself(name);
            EncodedValue? value = await flight.Landed.WaitAsync(cancellationToken).ConfigureAwait(false);
            if (value is not null) return value.Decode<TOut>();
        }
    }

    /// <summary>The key of a call at this moment.</summary>
    public CallKey KeyOf(EncodedValue[] arguments)
    {
        var digests = new Digest[arguments.Length];
        for (int i = 0; i < digests.Length; i++) digests[i] = arguments[i].Digest;
        return new CallKey(FunctionIdentity.Of(function, typeof(TOut), name, cache.Files), ImmutableCollectionsMarshal.AsImmutableArray(digests));
    }

    private static bool TryTake(CachedValue? kept, out TOut value)
    {
        value = default!;
        if (kept?.Load() is not { } found) return false;
        try
        {
            value = found.Decode<TOut>();
            return true;
        }
        catch (EncodingException)
        {
            // Of a function whose code was pinned, while the type of its result changed.
            return false;
        }
    }

    private async ValueTask<TOut> RunAsync(
        CallKey key, EncodedValue[] arguments, Func<ValueTask<TOut>> run, Func<int, string> texts, Flight flight, CancellationToken cancellationToken)
    {
        EncodedValue? encoded = null;
        try
        {
            // One that has just landed has kept its result before it went.
            if (TryTake(cache.FindAgain(key), out TOut? found))
            {
                flight.GiveUp();
                return found;
            }
            CallsUnderWay.Enter(key.Digest);
            long start = cache.Options.Clock.GetTimestamp();
            TOut value = await run().ConfigureAwait(false);
            TimeSpan time = cache.Options.Clock.GetElapsedTime(start);
            if (cancellationToken.IsCancellationRequested)
            {
                // Told to end, it may have given what it had.
                flight.GiveUp();
                return value;
            }

            encoded = Encode(value);
            if (cache.MayKeep(key.Function, arguments, name)) cache.Store(key, encoded, time, texts);
            return value;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            flight.GiveUp();
            throw;
        }
        catch (Exception error) when (encoded is null)
        {
            flight.Fail(error);
            throw;
        }
        finally
        {
            if (encoded is not null) flight.Complete(encoded);
        }
    }

    private EncodedValue Encode(TOut value)
    {
        try
        {
            return EncodedValue.Of(value, cache.Files);
        }
        catch (EncodingException error)
        {
            throw StorageErrors.ResultNotKept(name, error);
        }
    }
}
