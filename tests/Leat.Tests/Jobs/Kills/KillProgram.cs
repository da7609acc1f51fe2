using System.Diagnostics;
using System.Globalization;
using Leat.Tests.Tree;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Leat.Tests.Jobs.Kills;

/// <summary>A program that runs a graph, to be killed. <see cref="KillText"/> knows what its jobs have to say.</summary>
public sealed class KillProgram : IDisposable
{
    private const string Code = """
        using System.Diagnostics;
        using System.Text;
        using Leat;

        string folder = args[0], pool = args[2];
        int version = int.Parse(args[1]), groups = int.Parse(args[3]);
        var graph = new JobGraph(new JobGraphOptions { Folder = folder });
        string log = Path.Combine(folder, "log");
        Directory.CreateDirectory(log);
        ParameterJob<int> number = graph.Parameter("version", version);
        FileJob? last = null;
        for (int i = 0; i < groups; i++)
        {
            FileJob? before = last;
            string temporary = $"t{i}", kept = $"c{i}", several = $"s{i}", inPlace = $"p{i}", file = $"f{i}", place = Path.Combine(folder, "out", inPlace);
            FileJob t = graph.TempFile($"temporary/{temporary}", path => Work.Write(log, temporary, version, [path], before?.Path ?? "")).DependsOn(number);
            if (before is not null && i % 3 != 0) t.DependsOn(before);
            else before = null;
            CachedJob<string> c = graph.Cached(kept, () => Work.Value(log, kept, version, t.Path)).DependsOn(t);
            FilesJob s = graph.Files(several, [("a", $"out/{several}.a"), ("b", $"out/{several}.b")], paths => Work.Write(log, several, version, [.. paths], t.Path)).DependsOn(t);
            FileJob p = graph.File($"out/{inPlace}", () => Work.Write(log, inPlace, version, [place], s.Paths["b"])).DependsOn(s["b"]);
            last = graph.File($"out/{file}", path => Work.Write(log, file, version, [path], p.Path, s.Paths["a"], "=" + c.Value)).DependsOn(p, s["a"]).DependsOn(c);
        }

        if (pool == "hold") graph.File("held", path =>
        {
            Thread.Sleep(Timeout.Infinite);
            File.WriteAllText(path, "never");
        });
        using Stream output = Console.OpenStandardOutput();
        void Print(string line)
        {
            lock (output) output.Write(Encoding.UTF8.GetBytes(line + "\n"));
        }

        await using Pool workers = pool == "processes" ? Pool.Processes(2) : Pool.Threads(3);
        var options = new RunOptions
        {
            Pool = workers,
            SharesMachine = false,
            Events = each =>
            {
                if (each is RunStarted begun) Work.Log(log, $"run {begun.Run} {version}");
                if (each is JobStarted start) Print($"start {start.Job}");
                if (each is JobEnded end) Print($"end {end.Report.Job.Id} {end.Report}");
                if (each is RunWarning warning) Print($"warning {warning.Message}");
            },
        };
        try
        {
            await using JobRun run = graph.Start(options);
            RunReport report = await run.Completion;
            Print(report.IsSuccess ? "done" : $"failed {string.Join('\n', report.Done)}");
        }
        catch (LeatException error)
        {
            Print($"refused {error.Message}");
        }

        static class Work
        {
            private static readonly Lock Gate = new();
            private static FileStream? file;

            // Each process has a file of its own; the clock is one for all.
            public static void Log(string log, string line)
            {
                lock (Gate)
                {
                    file ??= new FileStream(Path.Combine(log, $"{Environment.ProcessId} {Stopwatch.GetTimestamp()}"), FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
                    file.Write(Encoding.UTF8.GetBytes($"{Stopwatch.GetTimestamp()} {line}\n"));
                }
            }

            public static string Value(string log, string id, int version, params string[] inputs)
            {
                Log(log, $"start {id} {version}");
                string text = Text(id, version, inputs);
                Thread.SpinWait(20_000);
                Log(log, $"end {id} {version}");
                return text;
            }

            // Half of it, and then the rest in many pieces.
            public static void Write(string log, string id, int version, string[] paths, params string[] inputs)
            {
                Log(log, $"start {id} {version}");
                string text = Text(id, version, inputs);
                foreach (string path in paths)
                {
                    using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
                    file.Write(Encoding.UTF8.GetBytes(text[..(text.Length / 2)]));
                    for (int at = text.Length / 2; at < text.Length; at += 40)
                    {
                        Thread.SpinWait(300);
                        file.Write(Encoding.UTF8.GetBytes(text[at..Math.Min(text.Length, at + 40)]));
                    }
                }

                Log(log, $"end {id} {version}");
            }

            private static string Text(string id, int version, string[] inputs)
            {
                string read = string.Join('|', inputs.Where(each => each.Length > 0).Select(each => each[0] == '=' ? each[1..] : File.ReadAllText(each)));
                string digest = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(read)))[..16];
                return string.Concat(Enumerable.Range(0, 30).Select(line => $"{id} {version} {digest} {line}\n"));
            }
        }
        """;

    private readonly TemporaryDirectory folder = new();

    public KillProgram()
    {
        CSharpCompilation compilation = Compiled.Compilation(
            "sample",
            OutputKind.ConsoleApplication,
            [Compiled.Parse("kill.cs", Code), Compiled.Parse("ImplicitUsings.cs", SampleProgram.ImplicitUsings)]);
        compilation = compilation.WithOptions(compilation.Options.WithOptimizationLevel(OptimizationLevel.Release));
        using var image = new MemoryStream();
        using var symbols = new MemoryStream();
        Assert.Empty(compilation.Emit(image, symbols).Diagnostics.Where(each => each.Severity == DiagnosticSeverity.Error));
        SampleProgram.Place(folder, image, symbols);
    }

    public void Dispose() => folder.Dispose();

    /// <summary>Waits until none of its processes is left: a worker ends a moment behind the program that has started it.</summary>
    public Task IsGoneAsync() => Streams.Programs.Processes.AreGoneAsync(folder["sample.dll"]);

    /// <summary>Starts it; what it prints is read from its standard output.</summary>
    /// <param name="graph">The graph's folder.</param>
    /// <param name="version">The value of a parameter on which everything depends.</param>
    /// <param name="pool"><c>threads</c>, <c>processes</c>, or <c>hold</c>: on threads, with a job that does not end.</param>
    /// <param name="groups">How many times five jobs there are.</param>
    public Process Start(string graph, int version, string pool, int groups)
    {
        var start = new ProcessStartInfo(Dotnet.Host(), ["exec", folder["sample.dll"], graph, Number(version), pool, Number(groups)])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        // Its life is short.
        start.Environment["DOTNET_TieredPGO"] = "0";
        return Process.Start(start)!;
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
