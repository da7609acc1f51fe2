using System.Collections.Concurrent;
using Leat.Encoding;

namespace Leat.Storage;

/// <summary>
/// A call that is being computed somewhere in this process. Whoever began it completes it, once; the others wait.
/// </summary>
/// <remarks>
/// <code>
///   open --Complete--> value      the result, for all
///   open --Fail------> failure    all fail
///   open --GiveUp----> nothing    cancelled: one of those that wait begins again
/// </code>
/// </remarks>
internal sealed class Flight(Flights owner, Digest key)
{
    private readonly TaskCompletionSource<EncodedValue?> landed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The key of the call.</summary>
    public Digest Key => key;

    /// <summary>The result; null if it was given up. Fails as the call did.</summary>
    public Task<EncodedValue?> Landed => landed.Task;

    /// <summary>The call has a result.</summary>
    public void Complete(EncodedValue value)
    {
        owner.Remove(key, this);
        landed.TrySetResult(value);
    }

    /// <summary>The call has failed, and so do those who wait for it.</summary>
    public void Fail(Exception error)
    {
        owner.Remove(key, this);
        landed.TrySetException(error);
        // Nobody need be waiting.
        _ = landed.Task.Exception;
    }

    /// <summary>The call was cancelled, which is no affair of those who wait for it.</summary>
    public void GiveUp()
    {
        owner.Remove(key, this);
        landed.TrySetResult(null);
    }
}

/// <summary>The calls that are being computed in this process, for all caches in one directory.</summary>
internal sealed class Flights
{
    private static readonly ConcurrentDictionary<string, Flights> ByDirectory = new(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<Digest, Flight> open = [];

    public static Flights In(string directory) => ByDirectory.GetOrAdd(directory, static _ => new Flights());

    /// <summary>True for the first, who has to complete the flight; the others wait for it.</summary>
    public bool TryFly(Digest key, out Flight flight)
    {
        var own = new Flight(this, key);
        flight = open.GetOrAdd(key, own);
        return ReferenceEquals(flight, own);
    }

    public void Remove(Digest key, Flight flight) => open.TryRemove(KeyValuePair.Create(key, flight));
}
