using System.Diagnostics;

namespace Leat.Streams;

/// <summary>
/// How long a consumer went without items that a larger bound would have let through, and how many it would have taken meanwhile: what tells a bound
/// that is too tight for a fast consumer from a hitch before a slow one, which is no reason to keep more in memory.
/// </summary>
/// <remarks>
/// Times are ticks of <see cref="Stopwatch"/>, which the caller reads. While no producer waits for room, hunger is the source's affair, but for the moment
/// that a producer which was woken takes to fill the link.
/// </remarks>
internal struct Starvation
{
    // What a consumer of which nothing is known is taken to need for an item.
    private static readonly long FirstGuess = Stopwatch.Frequency / 10_000;

    private static readonly long Moment = Stopwatch.Frequency / 1_000;

    // How far back a consumer's speed is known.
    private static readonly long Memory = Stopwatch.Frequency;

    private long busySince; // less what was hunger; 0 until the consumer is there
    private long hungrySince; // 0 while it has items
    private bool isHeldBack;
    private long starved;
    private double taken;

    /// <summary>True when the consumer has asked for items, or taken some.</summary>
    public readonly bool IsMet => busySince != 0;

    public readonly bool IsStarving => hungrySince != 0;

    /// <summary>The consumer is there.</summary>
    public void Meet(long now) => busySince = busySince == 0 ? now : busySince;

    /// <summary>The consumer waits, and there is nothing for it.</summary>
    /// <param name="now">When.</param>
    /// <param name="held">True when a producer waits for room.</param>
    public void Begin(long now, bool held)
    {
        Meet(now);
        if (hungrySince == 0) (hungrySince, isHeldBack) = (now, held);
    }

    /// <summary>A producer waits for room.</summary>
    public void HoldBack(long now)
    {
        if (hungrySince == 0 || isHeldBack) return;
        End(now);
        Begin(now, held: true);
    }

    /// <summary>There are items for the consumer.</summary>
    public void End(long now)
    {
        if (hungrySince == 0) return;
        starved += Hunger(now);
        busySince += now - hungrySince;
        hungrySince = 0;
        if (now - busySince > Memory) Forget(now);
    }

    public void Took(int items) => taken += items;

    /// <summary>True when the consumer, at its speed, could have taken that many items in the time in which it had none.</summary>
    public readonly bool IsWorth(int items, long now)
    {
        double busy = FirstGuess + (hungrySince == 0 ? now : hungrySince) - busySince;
        return (starved + Hunger(now)) * (taken + 1) >= items * busy;
    }

    /// <summary>Counts hunger from here on.</summary>
    public void Restart(long now)
    {
        (bool isHungry, bool held) = (IsStarving, isHeldBack);
        End(now);
        starved = 0;
        Forget(now);
        if (isHungry) Begin(now, held);
    }

    // What is known of the consumer's speed fades, so that it may change.
    private void Forget(long now)
    {
        busySince = now - ((now - busySince) / 2);
        taken /= 2;
    }

    private readonly long Hunger(long now) => hungrySince == 0 ? 0 : isHeldBack ? now - hungrySince : Math.Min(now - hungrySince, Moment);
}
