using System.Diagnostics;
using Leat.Benchmarks.Streams;

namespace Leat.Benchmarks.Processes;

/// <summary>How long it takes until a pool that nobody has used yet gives its first result.</summary>
internal static class ColdStart
{
    /// <summary>What makes this program one that waits for one result and ends.</summary>
    public const string Argument = "first-result";

    /// <summary>Milliseconds from the making of the pool to the first result, in a program that is warm.</summary>
    public static async Task<double> FirstResultAsync()
    {
        long start = Stopwatch.GetTimestamp();
        await using Pool pool = Pool.Processes(1);
        await using PipeEnumerator<int> results = ((int[])[1] | Stage.Map((int item) => item + 1).On(pool)).GetAsyncEnumerator();
        bool any = await results.MoveNextAsync();
        double milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        Check.That(any && results.Current == 2, "there is no result");
        return milliseconds;
    }

    /// <summary>Milliseconds from the start to the end of a whole program.</summary>
    public static async Task<double> WholeProgramAsync()
    {
        long start = Stopwatch.GetTimestamp();
        using Process process = Process.Start(Environment.ProcessPath!, [Argument]);
        await process.WaitForExitAsync();
        Check.That(process.ExitCode == 0, $"the program ended with exit code {process.ExitCode}");
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
