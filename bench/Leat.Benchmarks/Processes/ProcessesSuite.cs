using System.Diagnostics;
using System.Globalization;

namespace Leat.Benchmarks.Processes;

/// <summary>The budgets of pools of processes.</summary>
internal static class ProcessesSuite
{
    private const int Million = 1_000_000;
    private const int Few = 20_000;
    private const int Trips = 5_000;

    // Two workers and one, which every case finds as warm as the case before has left them.
    private static readonly Pool Two = Pool.Processes(2);
    private static readonly Pool One = Pool.Processes(1);

    private static readonly string? Multiprocessing = Python.With("multiprocessing");

    public static IEnumerable<Case> Cases() =>
        [.. Budgets(), .. Multiprocessing is not null ? AgainstPython() : NoPython()];

    private static IEnumerable<Case> Budgets()
    {
        yield return new Case("trivial items, 2 workers, ordered", "1,000,000 items/s", "items/s", () => TrivialItems.RunAsync(Two, Million, batch: null), null)
        {
            HigherIsBetter = true,
            LeastRatio = 1,
            Bound = 1e6,
            Prepare = () => TrivialItems.RunAsync(Two, Few, batch: null),
        };
        yield return new Case("one item at a time", "100 µs", "µs", () => RoundTrips.RunAsync(One, Trips), null)
        {
            LeastRatio = 1,
            Bound = 100,
            Prepare = () => RoundTrips.RunAsync(One, 100),
        };
        yield return Large("8 MiB there", static pool => LargeItems.ThereAsync(pool));
        yield return Large("8 MiB back", LargeItems.BackAsync);
        yield return new Case("first result of a new pool", "150 ms", "ms", ColdStart.FirstResultAsync, null) { LeastRatio = 1, Bound = 150 };
    }

    private static IEnumerable<Case> AgainstPython()
    {
        yield return Trivial("trivial items, 2 workers, one by one", Few, batch: 1, chunkSize: 1);
        yield return Trivial("trivial items, 2 workers, in handfuls", Million, batch: null, chunkSize: 256);
        yield return new Case("8 MiB there and back", "imap", "GB/s", () => LargeItems.ThereAndBackAsync(Two), () => RunPythonAsync("bytes", Text(LargeItems.Size), Text(LargeItems.Count)))
        {
            HigherIsBetter = true,
            LeastRatio = 1,
        };
        yield return new Case("one item at a time", "apply", "µs", () => RoundTrips.RunAsync(One, Trips), () => RunPythonAsync("apply", Text(Trips)));
        yield return new Case("a program with one result", "a program with imap", "ms", ColdStart.WholeProgramAsync, WholePythonAsync);
    }

    private static Case Large(string name, Func<Pool, Task<double>> run) =>
        new(name, "1.5 GB/s", "GB/s", () => run(Two), null) { HigherIsBetter = true, LeastRatio = 1, Bound = 1.5 };

    private static Case Trivial(string name, int count, int? batch, int chunkSize) =>
        new(name, $"imap, chunksize {chunkSize}", "items/s", () => TrivialItems.RunAsync(Two, count, batch), () => RunPythonAsync("trivial", Text(chunkSize), Text(count)))
        {
            HigherIsBetter = true,
            LeastRatio = 1,
            Prepare = () => TrivialItems.RunAsync(Two, Few / 10, batch),
        };

    private static async Task<double> WholePythonAsync()
    {
        long start = Stopwatch.GetTimestamp();
        await RunPythonAsync("first");
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static IEnumerable<Case> NoPython()
    {
        Console.Error.WriteLine("The cases against Python's multiprocessing are left out: there is no python3 on the PATH.");
        return [];
    }

    private static Task<double> RunPythonAsync(params string[] arguments) => Python.RunAsync(Multiprocessing!, "Processes/imap.py", arguments);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
