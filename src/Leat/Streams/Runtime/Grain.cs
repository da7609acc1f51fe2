using System.Diagnostics;

namespace Leat.Streams;

/// <summary>
/// How many items a worker takes at once: as many as make about 250 µs of work, so that what a claim costs is lost in
/// it, while several workers still share the last items evenly. It starts at one and at most quadruples.
/// </summary>
internal struct Grain(int largest, int? size)
{
    private const int Growth = 4;

    private static readonly long Target = Stopwatch.Frequency / 4_000;

    private int current = Math.Min(size ?? 1, largest);

    public readonly int Size => current;

    public void Adapt(long elapsedTicks, int items)
    {
        if (size is null && items > 0)
        {
            long fits = Target * items / Math.Max(1, elapsedTicks);
            current = (int)Math.Clamp(fits, 1, Math.Min(largest, (long)current * Growth));
        }
    }
}
