using System.Globalization;
using System.IO.Compression;
using System.Text.Json;

namespace Leat.Tests.Examples;

/// <summary>The build of the example, again and again, each time as a new process: what runs is what has to, and it says why.</summary>
public sealed class PipelineTests : IDisposable
{
    private const string EveryRun = "windows: everyRun";

    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task Only_what_is_out_of_date_runs()
    {
        string[] first = await RanAsync();
        Assert.Equal(19, first.Length);
        Assert.All(first.Except([EveryRun]), each => Assert.EndsWith(": neverRan", each, StringComparison.Ordinal));
        Assert.Equal([EveryRun], await RanAsync());

        // Longer words find the same places: early cutoff. The report is about everything, logs included.
        Assert.Equal(["place oat: inputChanged index", "place rye: inputChanged index", "place wheat: inputChanged index", "report: inputChanged everything", EveryRun], await RanAsync("--k", "23"));
        Assert.Equal([EveryRun], await RanAsync("--k", "23"));

        string[] stricter = await RanAsync("--k", "23", "--quality", "25");
        Assert.Contains("trim oat: inputChanged quality", stricter);
        Assert.Contains("place oat: inputChanged trim oat:reads", stricter);
        Assert.Contains("coverage.svg: inputChanged coverage.svg (data)", stricter);
        Assert.DoesNotContain(stricter, each => each.StartsWith("genome.lengths", StringComparison.Ordinal));

        File.Delete(Output("placed/oat.tsv"));
        Assert.Equal(["place oat: outputMissing positions", EveryRun], await RanAsync("--k", "23", "--quality", "25"));

        await File.AppendAllTextAsync(Output("coverage.bedgraph"), "by hand\n", TestContext.Current.CancellationToken);
        Assert.Equal(["coverage.bedgraph: outputChanged coverage.bedgraph", EveryRun], await RanAsync("--k", "23", "--quality", "25"));

        await File.WriteAllTextAsync(Output("coverage.svg"), "", TestContext.Current.CancellationToken);
        Assert.Equal(["coverage.svg: outputEmpty coverage.svg", EveryRun], await RanAsync("--k", "23", "--quality", "25"));
    }

    [Fact]
    public async Task A_change_of_code_runs_again_what_uses_it()
    {
        await RanChangedAsync("", "");
        Assert.Equal([EveryRun], await RanChangedAsync("", ""));

        // Other words for the same.
        Assert.Equal([EveryRun], await RanChangedAsync("(int sum, int highest, int length) = (0, 0, Bases.Length);", "// From the end on.\n(int sum, int highest, int length) = (\n0, 0, Bases.Length );"));

        Assert.Equal(["coverage.svg: codeChanged", "report: inputChanged everything", EveryRun], await RanChangedAsync("\"steelblue\"", "\"tomato\""));

        // Two levels below the action.
        string[] trimmed = await RanChangedAsync("sum += threshold -", "sum += 1 + threshold -");
        Assert.Equal(["trim oat: codeChanged", "trim rye: codeChanged", "trim wheat: codeChanged"], trimmed.Where(each => each.StartsWith("trim", StringComparison.Ordinal)));
        Assert.Contains("coverage.svg: codeChanged, inputChanged coverage.svg (data)", trimmed);
    }

    [Fact]
    public async Task Plan_and_run_say_why()
    {
        await RanAsync();
        string plan = await RunAsync("--quality", "25", "--dry-run");
        Assert.Matches(@"run  trim oat  +\S+ \S+  its input 'quality' changed\n", plan);
        Assert.Matches(@"may  coverage\.bedgraph  .*its input 'place oat:positions' may change", plan);
        Assert.DoesNotContain("genome.lengths", plan, StringComparison.Ordinal);
        Assert.StartsWith("Nothing to do: ", await RunAsync(), StringComparison.Ordinal);

        File.Delete(Output("placed/oat.tsv"));
        Assert.Matches(@"^\[1/1\] place oat  .*\(its output 'positions' is missing\)\n", await RunAsync());
    }

    [Fact]
    public async Task Reads_of_a_phage_find_their_places()
    {
        string genome = Require.SharedData("lambda_virus.fa"), reads = Require.SharedData("reads_1.fq.gz");
        await RunAsync("--genome", genome, "--reads", reads);

        var search = new PlainPlacement(string.Concat(File.ReadLines(genome).Skip(1))) { MinQuality = 20, MinLength = 35, SharedInARow = 21 };
        using var lines = new StreamReader(new GZipStream(File.OpenRead(reads), CompressionMode.Decompress));
        (string Bases, string Qualities)[] all = [.. (await lines.ReadToEndAsync(TestContext.Current.CancellationToken)).TrimEnd('\n').Split('\n').Chunk(4).Select(read => (read[1], read[3]))];
        search.Add(all);

        Assert.Equal($"reads_1.fq.gz\t{all.Length} reads\t{all.Length - search.TooShort} kept\t{search.Trimmed} bases cut off", File.ReadLines(Output("trimmed/reads_1.tsv")).Last());
        // Votes and not mismatches say which place is the best, so that a few reads have another fate.
        int placed = File.ReadLines(Output("placed/reads_1.tsv")).Count();
        Assert.InRange(placed, search.Placed * 0.99, search.Placed * 1.01);
        double mean = File.ReadLines(Output("coverage.tsv")).Skip(1).Average(line => double.Parse(line.Split('\t')[3], CultureInfo.InvariantCulture));
        Assert.InRange(mean, search.Depth.Average() * 0.98, search.Depth.Average() * 1.02);
    }

    private string Output(string path) => directory["pipeline-out/" + path];

    private async Task<string> RunAsync(params string[] arguments)
    {
        DotnetRun run = await ExampleProgram.RunAsync("pipeline", directory.Path, arguments);
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        return run.Output;
    }

    private async Task<string[]> RanAsync(params string[] arguments) => Ran(await RunAsync([.. arguments, "--json"]));

    private async Task<string[]> RanChangedAsync(string old, string now)
    {
        DotnetRun run = await ExampleProgram.RunChangedAsync("pipeline", directory.Path, code => Changed(code, old, now), "--json");
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        return Ran(run.Output);
    }

    private static string Changed(string code, string old, string now)
    {
        if (old.Length == 0) return code;
        Assert.Contains(old, code, StringComparison.Ordinal);
        return code.Replace(old, now, StringComparison.Ordinal);
    }

    // The jobs that ran, and why.
    private static string[] Ran(string events) =>
    [
        .. events.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement)
            .Where(each => each.GetProperty("event").GetString() == "ended" && each.GetProperty("outcome").GetString() == "succeeded")
            .Select(each => $"{each.GetProperty("job").GetString()}: {string.Join(", ", each.GetProperty("reasons").EnumerateArray().Select(Describe))}")
            .Order(StringComparer.Ordinal),
    ];

    private static string Describe(JsonElement reason) =>
        $"{reason.GetProperty("kind").GetString()} {(reason.TryGetProperty("subject", out JsonElement subject) ? subject.GetString() : "")}".TrimEnd();
}
