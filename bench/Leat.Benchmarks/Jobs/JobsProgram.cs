using System.Diagnostics;
using System.Globalization;

namespace Leat.Benchmarks.Jobs;

/// <summary>A program that does nothing but define a graph and run it.</summary>
internal static class JobsProgram
{
    /// <summary>What makes this program one: behind it come the shape, the number of targets and the folder.</summary>
    public const string Argument = "run-jobs";

    /// <summary>What makes this program one that does nothing.</summary>
    public const string Nothing = "nothing";

    /// <summary>Among the arguments: each job in a process of its own, as it is the default, and not on a thread.</summary>
    public const string Isolated = "--isolated";

    public static async Task<int> RunAsync(string[] args)
    {
        long start = Stopwatch.GetTimestamp();
        long before = GC.GetTotalMemory(forceFullCollection: false);
        int count = int.Parse(args[2], CultureInfo.InvariantCulture);
        JobGraph graph = Shapes.Graph(args[1], count, args[3]);
        TimeSpan defined = Stopwatch.GetElapsedTime(start);
        await using Pool pool = args.Contains(Isolated) ? Pool.Processes(Environment.ProcessorCount) : Pool.Threads(Environment.ProcessorCount);
        RunReport report = await graph.RunAsync(new RunOptions { Pool = pool });
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{report.Count(JobOutcome.Succeeded)} ran, {report.Count(JobOutcome.UpToDate)} up to date; defined in {defined.TotalMilliseconds:0} ms, run in {report.Time.TotalMilliseconds:0} ms; {GC.GetTotalAllocatedBytes() / count} bytes a job allocated, {GC.GetTotalPauseDuration().TotalMilliseconds:0} ms of collections"));
        if (args.Contains("--memory"))
        {
            Console.WriteLine((GC.GetTotalMemory(forceFullCollection: true) - before) / count);
            GC.KeepAlive((graph, report));
        }

        return 0;
    }
}
