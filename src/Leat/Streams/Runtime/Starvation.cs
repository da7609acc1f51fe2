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

    // How far back a consumer's speed and hunger are known, about.
    private static readonly long Memory = Stopwatch.Frequency;

    private long busySince; // less what was hunger; 0 until the consumer is there
    private long hungrySince; // 0 while it has items
    private long fadedAt;
    private double share;
    private bool isHeldBack;
    private long starved;
    private double taken;

    /// <summary>True when the consumer has asked for items, or taken some.</summary>
    public readonly bool IsMet => busySince != 0;

    public readonly bool IsStarving => hungrySince != 0;

    /// <summary>The consumer is there.</summary>
    public void Meet(long now)
    {
        if (busySince == 0) busySince = fadedAt = now;
    }

    /// <summary>The consumer waits, and there is nothing for it.</summary>
    /// <param name="now">When.</param>
    /// <param name="held">True when a producer waits for room.</param>
    /// <param name="part">How much of it waits: 1 for all of its workers. The others are busy.</param>
    public void Begin(long now, bool held, double part = 1)
    {
        Meet(now);
        share = part;
        if (hungrySince == 0) (hungrySince, isHeldBack) = (now, held);
    }

    /// <summary>A producer waits for room.</summary>
    public void HoldBack(long now) => Hold(now, true);

    /// <summary>No producer waits for room any more.</summary>
    public void LetGo(long now) => Hold(now, false);

    /// <summary>There are items for the consumer.</summary>
    public void End(long now)
    {
        if (hungrySince == 0) return;
        starved += Hunger(now);
        // While some wait behind one slow item, what others do says nothing of their speed.
        busySince += isHeldBack ? now - hungrySince : (long)((now - hungrySince) * share);
        hungrySince = 0;
        if (now - fadedAt > Memory) Fade(now);
    }

    public void Took(int items) => taken += items;

    /// <summary>True when the consumer, at its speed, could have taken that many items in the time in which it had none.</summary>
    public readonly bool IsWorth(int items, long now)
    {
        double busy = FirstGuess + (hungrySince == 0 ? now : hungrySince) - busySince;
        return (starved + Hunger(now)) * (taken + 1) >= items * busy;
    }

    /// <summary>Counts hunger from here on, as of a consumer for which nobody waits.</summary>
    public void Restart(long now)
    {
        bool isHungry = IsStarving;
        End(now);
        Fade(now);
        starved = 0;
        if (isHungry) Begin(now, held: false, share);
    }

    private void Hold(long now, bool held)
    {
        if (hungrySince == 0 || isHeldBack == held) return;
        End(now);
        Begin(now, held, share);
    }

    // What is known fades, so that it may change.
    private void Fade(long now)
    {
        fadedAt = now;
        busySince = now - ((now - busySince) / 2);
        taken /= 2;
        starved /= 2;
    }

    private readonly long Hunger(long now) => hungrySince == 0 ? 0 : isHeldBack ? now - hungrySince : Math.Min(now - hungrySince, Moment);
}
