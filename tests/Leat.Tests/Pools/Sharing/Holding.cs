using System.Globalization;

namespace Leat.Tests.Pools.Sharing;

/// <summary>From when to when something was held, by a clock that all processes of a machine have in common.</summary>
public sealed record Holding(long Start, long End, int Cores, long Memory)
{
    public static long Now => TimeProvider.System.GetTimestamp();

    /// <summary>The most cores and the most memory that were held at the same time.</summary>
    public static (int Cores, long Memory) Most(IEnumerable<Holding> holdings)
    {
        int cores = 0, mostCores = 0;
        long memory = 0, mostMemory = 0;
        foreach ((_, int sign, Holding each) in holdings.SelectMany(each => ((long, int, Holding)[])[(each.Start, 1, each), (each.End, -1, each)]).OrderBy(each => (each.Item1, each.Item2)))
        {
            mostCores = Math.Max(mostCores, cores += sign * each.Cores);
            mostMemory = Math.Max(mostMemory, memory += sign * each.Memory);
        }

        return (mostCores, mostMemory);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Start} {End} {Cores} {Memory}");

    public static Holding Parse(string line)
    {
        long[] numbers = [.. line.Split(' ').Select(each => long.Parse(each, CultureInfo.InvariantCulture))];
        return new Holding(numbers[0], numbers[1], (int)numbers[2], numbers[3]);
    }
}
