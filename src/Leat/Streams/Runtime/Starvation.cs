using System.Diagnostics;

namespace Leat.Streams;

/// <summary>
/// How long a consumer went without items, and how many it would have taken meanwhile: what tells a bound that is too
/// tight for a fast consumer from a hitch before a slow one, which is no reason to keep more in memory.
/// </summary>
/// <remarks>Times are ticks of <see cref="Stopwatch"/>, which the caller reads.</remarks>
internal struct Starvation(long now)
{
    // What a consumer of which nothing is known is taken to need for an item.
    private static readonly long FirstGuess = Stopwatch.Frequency / 10_000;

    private long fed = now; // since when, less what was starved
    private long since; // when the hunger at the moment began; 0 when there is none
    private long starved;
    private long taken;

    public readonly bool IsStarving => since != 0;

    public void Begin(long now) => since = since == 0 ? now : since;

    public void End(long now)
    {
        if (since != 0)
        {
            starved += now - since;
            fed += now - since;
            since = 0;
        }
    }

    public void Took(int items) => taken += items;

    /// <summary>True when the consumer, at its speed, could have taken that many items in the time in which it had none.</summary>
    public readonly bool IsWorth(int items, long now)
    {
        long current = since == 0 ? 0 : now - since;
        double busy = FirstGuess + (now - fed - current);
        return (double)(starved + current) * (taken + 1) >= items * busy;
    }

    /// <summary>Counts from here on. What is known of the consumer's speed fades, so that it may change.</summary>
    public void Restart(long now)
    {
        bool starving = IsStarving;
        End(now);
        since = starving ? now : 0;
        starved = 0;
        fed = now - ((now - fed) / 2);
        taken /= 2;
    }
}
