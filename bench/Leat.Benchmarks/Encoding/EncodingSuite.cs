using System.Diagnostics;
using System.Text.Json;
using Leat.Benchmarks.Streams;
using Leat.Encoding;

namespace Leat.Benchmarks.Encoding;

/// <summary>The budgets of the encoding.</summary>
internal static class EncodingSuite
{
    private const int Calls = 200_000;
    private const int Doubles = 4 * 1024 * 1024;

    private static readonly Peak Sample = new(
        445.12, 1e6f, 2, "tryptic peptide", new DateTime(2026, 11, 21, 12, 0, 0, DateTimeKind.Utc), true, 17, new Guid("00112233-4455-6677-8899-aabbccddeeff"), 0.25, 'x');

    public static IEnumerable<Case> Cases()
    {
        byte[] bytes = BinaryEncoding.Encode(Sample);
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(Sample);
        Case Record(string name, string peer, double least, double bound, Func<int, double> ours, Func<int, double>? theirs) =>
            new(name, peer, "ns", () => Task.FromResult(ours(Calls)), theirs is null ? null : () => Task.FromResult(theirs(Calls)))
            {
                LeastRatio = least,
                Bound = bound,
                Prepare = () =>
                {
                    ours(10_000);
                    theirs?.Invoke(10_000);
                    return Task.CompletedTask;
                },
            };

        yield return Record("a record of ten fields, encoded", "200 ns", 1, 200, Encode, null);
        yield return Record("a record of ten fields, decoded", "200 ns", 1, 200, calls => Decode(calls, bytes), null);
        yield return Record("a record of ten fields, encoded", "System.Text.Json", 5, 0, Encode, Serialize);
        yield return Record("a record of ten fields, decoded", "System.Text.Json", 5, 0, calls => Decode(calls, bytes), calls => Deserialize(calls, json));

        double[] spectrum = [.. Enumerable.Range(0, Doubles).Select(i => i * 0.5)];
        byte[] encoded = BinaryEncoding.Encode(spectrum);
        yield return Array("32 MiB of doubles, encoded", "2 GB/s", 1, () => BinaryEncoding.Encode(spectrum).Length, null);
        yield return Array("32 MiB of doubles, decoded", "2 GB/s", 1, () => BinaryEncoding.Decode<double[]>(encoded).Length * sizeof(double), null);
        yield return Array("32 MiB of doubles, decoded", "copied as bytes", null, () => BinaryEncoding.Decode<double[]>(encoded).Length * sizeof(double), () => encoded.ToArray().Length);
    }

    // In GB/s.
    private static Case Array(string name, string peer, double? least, Func<int> ours, Func<int>? theirs)
    {
        static double Measure(Func<int> work)
        {
            long since = Stopwatch.GetTimestamp();
            long bytes = 0;
            for (int i = 0; i < 10; i++)
            {
                bytes += work();
            }

            Check.That(bytes >= 10L * Doubles * sizeof(double), $"{bytes} bytes were made");
            return bytes / Stopwatch.GetElapsedTime(since).TotalSeconds / 1e9;
        }

        return new Case(name, peer, "GB/s", () => Task.FromResult(Measure(ours)), theirs is null ? null : () => Task.FromResult(Measure(theirs)))
        {
            HigherIsBetter = true,
            LeastRatio = least,
            Bound = 2,
        };
    }

    private static double Encode(int calls) => Time(calls, static () => BinaryEncoding.Encode(Sample).Length);

    private static double Decode(int calls, byte[] bytes) => Time(calls, () => BinaryEncoding.Decode<Peak>(bytes).Charge);

    private static double Serialize(int calls) => Time(calls, static () => JsonSerializer.SerializeToUtf8Bytes(Sample).Length);

    private static double Deserialize(int calls, byte[] json) => Time(calls, () => JsonSerializer.Deserialize<Peak>(json)!.Charge);

    private static double Time(int calls, Func<int> call)
    {
        long since = Stopwatch.GetTimestamp();
        long sum = 0;
        for (int i = 0; i < calls; i++)
        {
            sum += call();
        }

        double each = Stopwatch.GetElapsedTime(since).TotalNanoseconds / calls;
        Check.That(sum >= 2L * calls, "values are missing");
        return each;
    }

    internal sealed record Peak(double Mass, float Intensity, int Charge, string Label, DateTime At, bool Picked, long Scan, Guid Id, double Width, char Mark);
}
