using System.Diagnostics;
using System.Globalization;
using Leat.Benchmarks.Streams;

namespace Leat.Benchmarks.Jobs;

/// <summary>The budgets of jobs: whole programs beside <c>ninja</c> with the same targets, each in a folder of its own.</summary>
internal static class JobsSuite
{
    private const string Ninja = "ninja";

    // Of files that are kept in memory on Linux.
    private const string MemoryFiles = "/dev/shm";

    public static IEnumerable<Case> Cases()
    {
        Lazy<string> folder = FolderIn(Path.GetTempPath());
        Lazy<string> memory = FolderIn(Directory.Exists(MemoryFiles) ? MemoryFiles : Path.GetTempPath());
        yield return NothingToDo(folder, "independent", 10_000) with { LeastRatio = 1 };
        yield return NothingToDo(folder, "independent", 100_000) with { LeastRatio = 1 };
        yield return AgainstBound(folder, "independent", 100_000);
        yield return NothingToDo(folder, "fan-in", 10_000);
        yield return NothingToDo(folder, "fan-out", 10_000);
        yield return NothingToDo(folder, "layers", 1_000);
        yield return NothingToDo(folder, "chain", 10_000);
        yield return EverythingToDo(folder, "independent", 10_000);
        yield return EverythingToDo(folder, "layers", 1_000);
        yield return EngineTime(memory, 10_000);
        yield return Isolated(folder, 200);
        foreach (string shape in Shapes.All) yield return Memory(folder, shape, shape == "layers" ? 1_000 : 100_000);
        yield return Linear(folder, "chain", 100_000);
        yield return Linear(folder, "fan-in", 100_000);
    }

    private static Case NothingToDo(Lazy<string> folder, string shape, int count) => new(
        Name("nothing to do", shape, count), Ninja, "s, whole process", () => LeatAsync(folder, shape, count), () => NinjaAsync(folder, shape, count));

    private static Case AgainstBound(Lazy<string> folder, string shape, int count) => new(
        Name("nothing to do", shape, count), "0.5 s", "s, whole process", () => LeatAsync(folder, shape, count), null)
    { LeastRatio = 1, Bound = 0.5 };

    private static Case EverythingToDo(Lazy<string> folder, string shape, int count) => new(
        Name("everything to do", shape, count), Ninja, "s, whole process", () => LeatAsync(NewIn(folder), shape, count), () => NinjaAsync(NewIn(folder), shape, count));

    // What a run takes beyond the writing of the files, which a loop on as many threads does in the same way: to a name beside, and then renamed.
    // The files are in memory: what a disk takes is another on every one, and more than the engine does.
    private static Case EngineTime(Lazy<string> folder, int count) => new(
        Name("everything to do, the engine's part", "independent", count),
        "0.1 ms a job",
        "ms a job",
        async () =>
        {
            string bare = NewIn(folder).Value;
            long start = Stopwatch.GetTimestamp();
            Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, target =>
            {
                string path = Path.Combine(bare, Shapes.FileOf(target));
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.WriteAllText($"{path}.new", target.ToString(CultureInfo.InvariantCulture));
                File.Move($"{path}.new", path);
            });
            double files = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            double run = Number(await RunAsync(NewIn(folder), "independent", count), "run in ");
            return (run - files) / count;
        },
        null)
    { LeastRatio = 1, Bound = 0.1 };

    // What a process for each job takes beyond the processes themselves.
    private static Case Isolated(Lazy<string> folder, int count) => new(
        Name("everything to do, each in a process of its own", "independent", count),
        "empty .NET processes",
        "ms a job",
        async () => Number(await RunAsync(NewIn(folder), "independent", count, JobsProgram.Isolated), "run in ") / count,
        async () =>
        {
            long start = Stopwatch.GetTimestamp();
            await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, async (_, _) => await StartAsync(Environment.ProcessPath!, [JobsProgram.Nothing]));
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds / count;
        });

    private static Case Memory(Lazy<string> folder, string shape, int count) => new(
        Name("memory, graph and report, nothing to do", shape, count),
        "1 KiB a job",
        "bytes a job",
        async () =>
        {
            _ = await LeatAsync(folder, shape, count);
            string said = await RunAsync(folder, shape, count, "--memory");
            return double.Parse(said.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1], CultureInfo.InvariantCulture);
        },
        null)
    { Bound = 1024 };

    // A tenth of the targets is to take no less than a tenth of the time.
    private static Case Linear(Lazy<string> folder, string shape, int count) => new(
        Name("nothing to do, time in the run", shape, count),
        "ten times that of a tenth",
        "ms",
        async () => Number(await RunAsync(folder, shape, count), "run in "),
        async () => 10 * Number(await RunAsync(folder, shape, count / 10), "run in "));

    private static async Task<double> LeatAsync(Lazy<string> folder, string shape, int count)
    {
        long start = Stopwatch.GetTimestamp();
        _ = await RunAsync(folder, shape, count);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static Task<string> RunAsync(Lazy<string> folder, string shape, int count, params string[] more) =>
        StartAsync(Environment.ProcessPath!, [JobsProgram.Argument, shape, count.ToString(CultureInfo.InvariantCulture), FolderOf(folder, "leat", shape, count), .. more]);

    private static async Task<double> NinjaAsync(Lazy<string> folder, string shape, int count)
    {
        string own = FolderOf(folder, Ninja, shape, count);
        string file = Path.Combine(own, "build.ninja");
        if (!File.Exists(file)) await File.WriteAllTextAsync(file, Shapes.Ninja(shape, count));
        long start = Stopwatch.GetTimestamp();
        _ = await StartAsync(Ninja, ["-C", own]);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task<string> StartAsync(string program, string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true })!;
        string said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Check.That(process.ExitCode == 0, $"'{program} {string.Join(' ', arguments)}' ended with exit code {process.ExitCode}");
        return said;
    }

    private static Lazy<string> FolderIn(string parent)
    {
        var folder = new Lazy<string>(() => Directory.CreateDirectory(Path.Combine(parent, $"leat-jobs-{Guid.NewGuid():N}")).FullName);
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            if (folder.IsValueCreated) Directory.Delete(folder.Value, recursive: true);
        };
        return folder;
    }

    // None is removed before the end: a file system such as ext4 takes the longer to make a file the more were removed in the last seconds.
    private static Lazy<string> NewIn(Lazy<string> folder) => new(Directory.CreateDirectory(Path.Combine(folder.Value, Guid.NewGuid().ToString("N"))).FullName);

    private static string FolderOf(Lazy<string> folder, string who, string shape, int count) =>
        Directory.CreateDirectory(Path.Combine(folder.Value, string.Create(CultureInfo.InvariantCulture, $"{who}-{shape}-{count}"))).FullName;

    private static string Name(string what, string shape, int count) => string.Create(CultureInfo.InvariantCulture, $"{what}: {shape}, {count:N0}");

    private static double Number(string text, string behind)
    {
        int at = text.IndexOf(behind, StringComparison.Ordinal) + behind.Length;
        return double.Parse(text[at..text.IndexOf(' ', at)], CultureInfo.InvariantCulture);
    }
}
