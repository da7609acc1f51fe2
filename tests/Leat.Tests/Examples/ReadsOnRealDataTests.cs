using System.Globalization;
using System.IO.Compression;

namespace Leat.Tests.Examples;

/// <summary>The reads of a phage, placed by the example and in another way.</summary>
public sealed class ReadsOnRealDataTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task Placed_reads_and_depth_are_those_of_another_way()
    {
        string genomeFile = Require.SharedData("lambda_virus.fa");
        string[] readFiles = [Require.SharedData("reads_1.fq.gz"), Require.SharedData("reads_2.fq.gz")];

        DotnetRun run = await ExampleProgram.RunAsync("reads", directory.Path, ["--genome", genomeFile, .. readFiles]);
        Assert.Equal(0, run.ExitCode);
        var summary = ReadsSummary.Of(run.Output);

        string genome = string.Concat(File.ReadLines(genomeFile).Skip(1));
        var search = new PlainPlacement(genome) { MinQuality = 20, MinLength = 35, SharedInARow = 21 };
        foreach (string file in readFiles) search.Add(Reads(file));

        Assert.Equal(20_000, summary.Number("reads"));
        Assert.Equal(search.Trimmed, summary.Number("trimmed"));
        Assert.Equal(search.TooShort, summary.Number("too short"));
        Assert.Equal(search.Placed, summary.Number("placed"));
        Assert.Equal(search.Ambiguous, summary.Number("ambiguous"));
        Assert.Equal(search.Unplaced, summary.Number("unplaced"));
        Assert.Equal(Math.Round(search.Depth.Average(), 2), summary.Number("coverage"));
        Assert.Equal(
            search.Depth.Select((depth, i) => string.Create(CultureInfo.InvariantCulture, $"gi|9626243|ref|NC_001416.1|\t{i + 1}\t{depth}")).Prepend("sequence\tposition\tdepth"),
            File.ReadLines(directory["coverage.tsv"]));
    }

    [Fact]
    public void Nearly_all_places_share_a_k_mer_with_their_read()
    {
        string genome = string.Concat(File.ReadLines(Require.SharedData("lambda_virus.fa")).Skip(1));
        IReadOnlyList<(string Bases, string Qualities)> reads = [.. Reads(Require.SharedData("reads_1.fq.gz")).Take(2_000)];
        var indexed = new PlainPlacement(genome) { MinQuality = 20, MinLength = 35, SharedInARow = 21 };
        var any = new PlainPlacement(genome) { MinQuality = 20, MinLength = 35 };
        indexed.Add(reads);
        any.Add(reads);

        // A read of 35 to 200 bases, of which a tenth may differ, seldom has less than 21 in a row that do not.
        Assert.InRange(indexed.Placed, any.Placed * 0.99, any.Placed);
    }

    private static IReadOnlyList<(string Bases, string Qualities)> Reads(string file)
    {
        using var lines = new StreamReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
        return [.. lines.ReadToEnd().TrimEnd('\n').Split('\n').Chunk(4).Select(read => (read[1], read[3]))];
    }
}
