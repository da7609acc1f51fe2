using System.Numerics;

namespace Leat.Streams;

/// <summary>
/// How long a body takes: a histogram with eight buckets a power of two, so that a quantile is right to within 9 %.
/// One worker writes, anyone may read. A claim of many short items is one sample that counts for all of them.
/// </summary>
internal sealed class BodyTimes
{
    private const int BucketBits = 3;
    private const int BucketsPerPower = 1 << BucketBits;

    private readonly long[] buckets = new long[64 * BucketsPerPower];
    private long ticks;
    private long items;

    public void Record(long elapsedTicks, int count)
    {
        ticks += elapsedTicks;
        items += count;
        buckets[BucketOf((ulong)(elapsedTicks / count))] += count;
    }

    /// <summary>Mean and 95th percentile, in clock ticks, over all workers' times; zero where nothing was recorded.</summary>
    public static (double Mean, double Percentile95) Summarize(IEnumerable<BodyTimes> all)
    {
        var sum = new long[64 * BucketsPerPower];
        long totalTicks = 0;
        long totalItems = 0;
        foreach (BodyTimes times in all)
        {
            totalTicks += Volatile.Read(ref times.ticks);
            totalItems += Volatile.Read(ref times.items);
            for (int i = 0; i < sum.Length; i++)
            {
                sum[i] += Volatile.Read(ref times.buckets[i]);
            }
        }

        return totalItems == 0 ? (0, 0) : ((double)totalTicks / totalItems, Quantile(sum, 0.95));
    }

    private static double Quantile(long[] counts, double quantile)
    {
        double rest = counts.Sum() * quantile;
        for (int i = 0; i < counts.Length; i++)
        {
            rest -= counts[i];
            if (rest <= 0)
            {
                return (LowerBound(i) + LowerBound(i + 1)) / 2;
            }
        }

        return 0;
    }

    // Below 8 a bucket holds one value; above, the three bits behind the leading one choose among eight.
    private static int BucketOf(ulong value)
    {
        if (value < BucketsPerPower)
        {
            return (int)value;
        }

        int power = BitOperations.Log2(value);
        int fraction = (int)(value >> (power - BucketBits)) & (BucketsPerPower - 1);
        return ((power - BucketBits + 1) << BucketBits) + fraction;
    }

    private static double LowerBound(int bucket)
    {
        if (bucket < BucketsPerPower)
        {
            return bucket;
        }

        int power = (bucket >> BucketBits) + BucketBits - 1;
        return Math.ScaleB(1 + ((bucket & (BucketsPerPower - 1)) / (double)BucketsPerPower), power);
    }
}
