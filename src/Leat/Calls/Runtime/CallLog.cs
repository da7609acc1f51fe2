using Leat.Diagnostics;
using Leat.Storage;

namespace Leat.Calls;

/// <summary>What became of a node's calls, in few bytes each. Guarded by the run's gate, but for the misses.</summary>
internal sealed class CallLog(string name, bool keepsLines)
{
    private const int MostMisses = 10_000;

    private readonly Table<Line> lines = new();
    private readonly Dictionary<int, Miss> misses = [];

    /// <summary>How many calls there are of each origin.</summary>
    public int[] Counts { get; } = new int[Enum.GetValues<CallOrigin>().Length];

    public void Note(int slot, CallOrigin origin, long started, long time)
    {
        Counts[(int)origin]++;
        if (keepsLines)
        {
            lines.Grow(slot + 1);
            ref Line line = ref lines[slot];
            if (line.IsKnown) Counts[(int)line.Origin]--;
            line = new Line(started, time, origin, IsKnown: true);
        }

        if (Instruments.Calls.Enabled)
        {
            Instruments.Calls.Add(1, new KeyValuePair<string, object?>("call", name), new KeyValuePair<string, object?>("origin", origin.ToString()));
        }
    }

    /// <summary>Remembers a call that was not found in a cache, of the first ones.</summary>
    public void NoteMiss(int slot, Miss miss)
    {
        lock (misses)
        {
            if (misses.Count < MostMisses) misses[slot] = miss;
        }
    }

    public Miss? MissOf(int slot)
    {
        lock (misses) return misses.GetValueOrDefault(slot);
    }

    public Miss[] Misses()
    {
        lock (misses) return [.. misses.Values];
    }

    public Line LineOf(int slot) => slot < lines.Count ? lines[slot] : default;

    /// <summary>A call that was not found in a cache.</summary>
    internal sealed record Miss(CallKey Key, string[] Arguments);

    /// <summary>What became of a call.</summary>
    /// <param name="Started">When it was started, by the machine's stopwatch.</param>
    /// <param name="Time">How long the function took, in ticks of 100 ns.</param>
    /// <param name="Origin">Where its result came from.</param>
    /// <param name="IsKnown">False as long as nothing has become of it.</param>
    internal readonly record struct Line(long Started, long Time, CallOrigin Origin, bool IsKnown);
}
