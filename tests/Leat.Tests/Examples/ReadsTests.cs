namespace Leat.Tests.Examples;

/// <summary>The example of reads, on what it makes itself and on what is written here.</summary>
public sealed class ReadsTests : IDisposable
{
    private const string Genome = """
        >first of two
        ACGTTGCAAGGCTTAACCGGATATCGCGATTACAGGCATTCCAGTGACCTGATTGCACCT
        ggtcaa
        >second
        TTGACCAGTCTAGCATCGACTTAGGCCTAACGTATGCCGATNNNNNNATCGGCTTACGAT
        """;

    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    private Task<DotnetRun> RunAsync(params string[] arguments) => ExampleProgram.RunAsync("reads", directory.Path, arguments);

    private static string Read(string bases) => $"@read\n{bases}\n+\n{new string('I', bases.Length)}\n";

    private async Task<ReadsSummary> SummaryOfAsync(string reads, string genome = Genome)
    {
        directory.Write("genome.fa", genome);
        directory.Write("reads.fq", reads);
        DotnetRun run = await RunAsync("--genome", "genome.fa", "reads.fq", "--k", "11");
        Assert.True(run.ExitCode == 0, run.Errors);
        return ReadsSummary.Of(run.Output);
    }

    [Fact]
    public async Task Without_arguments_it_makes_its_own_reads()
    {
        DotnetRun run = await RunAsync();
        Assert.Equal(0, run.ExitCode);
        Approved.Text(run.Output);
        Assert.Contains(" completed: ", run.Errors, StringComparison.Ordinal);
        Assert.Equal(20_001, File.ReadLines(directory["reads-demo/coverage.tsv"]).Count());
        Assert.Equal(
            ["coverage.tsv", "genome.fa", "reads_1.fq.gz", "reads_2.fq"],
            Directory.EnumerateFileSystemEntries(directory["reads-demo"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_workers_change_nothing()
    {
        List<(string Output, string Table)> results = [];
        foreach (string workers in (string[])["1", "2", "8", "threads:2", "processes:2"])
        {
            DotnetRun run = await RunAsync("--workers", workers);
            Assert.Equal(0, run.ExitCode);
            results.Add((run.Output, await File.ReadAllTextAsync(directory["reads-demo/coverage.tsv"], TestContext.Current.CancellationToken)));
        }
        Assert.All(results, result => Assert.Equal(results[0], result));
    }

    [Fact]
    public async Task Reads_of_both_strands_cover_their_places()
    {
        // The first 36 bases of the first sequence, and of the second those of the other strand.
        ReadsSummary summary = await SummaryOfAsync(Read("ACGTTGCAAGGCTTAACCGGATATCGCGATTACAGG") + Read("CATACGTTAGGCCTAAGTCGATGCTAGACTGGTCAA"));
        Assert.Equal(2, summary.Number("placed"));
        Assert.Equal(0.57, summary.Number("coverage")); // 72 of 126
        IEnumerable<string> first = Enumerable.Range(1, 66).Select(position => $"first\t{position}\t{(position <= 36 ? 1 : 0)}");
        IEnumerable<string> second = Enumerable.Range(1, 60).Select(position => $"second\t{position}\t{(position <= 36 ? 1 : 0)}");
        Assert.Equal(["sequence\tposition\tdepth", .. first, .. second], File.ReadLines(directory["coverage.tsv"]));
    }

    [Theory]
    [InlineData("CCTGTAATCGCGATATCCGGTTAAGCCTTGCAACGT", "placed")] // on the other strand
    [InlineData("acgttgcaaggcttaaccggatatcgcgattacagg", "placed")]
    [InlineData("ACGTTGCAAGGCTTAACCGGATTTCGCCATTACTGG", "placed")] // 3 of 36 differ
    [InlineData("ACGTTGCAAGGCTTAACCGGATTTCGCCATTACTGC", "unplaced")] // 4 of 36 differ
    [InlineData("ACGTTGCAAGGCTTNNNCGGATATCGCGATTACAGG", "placed")]
    [InlineData("ACGTTGCAAGGCTTNNNNGGATATCGCGATTACAGG", "unplaced")]
    [InlineData("CATTCCAGTGACCTGATTGCACCTGGTCAATTGACC", "unplaced")] // from the end of a sequence over the start of the next
    [InlineData("ACGTTGCAAGGCTTAACCGGATATCGCGATTACAG", "placed")]
    [InlineData("ACGTTGCAAGGCTTAACCGGATATCGCGATTACA", "too short")]
    public async Task A_read_has_one_fate(string bases, string fate)
    {
        ReadsSummary summary = await SummaryOfAsync(Read(bases));
        foreach (string label in (string[])["too short", "placed", "ambiguous", "unplaced"])
        {
            Assert.Equal(label == fate ? 1 : 0, summary.Number(label));
        }
    }

    [Theory]
    [InlineData("ACGTTGCAAGGCTTAACCGGATATCGCGATTACAGG")]
    [InlineData("CCTGTAATCGCGATATCCGGTTAAGCCTTGCAACGT")] // on the other strand
    public async Task A_read_that_fits_two_places_equally_well_is_ambiguous(string copy)
    {
        ReadsSummary summary = await SummaryOfAsync(Read("ACGTTGCAAGGCTTAACCGGATATCGCGATTACAGG"), $"{Genome}\n>copy\n{copy}\n");
        Assert.Equal(1, summary.Number("ambiguous"));
        Assert.Equal(0, summary.Number("coverage"));
    }

    [Fact]
    public async Task The_better_of_two_places_is_taken()
    {
        ReadsSummary summary = await SummaryOfAsync(Read("ACGTTGCAAGGCTTAACCGGATATCGCGATTACAGG"), $"{Genome}\n>copy\nACGTTGCAAGGCTTAACCGGATATCGCGATTACACG\n");
        Assert.Equal(1, summary.Number("placed"));
        Assert.Equal("copy\t36\t0", File.ReadLines(directory["coverage.tsv"]).Last());
    }

    [Fact]
    public async Task Bad_ends_are_trimmed_off()
    {
        // Thirty-six good bases, and twelve bad ones with a good one among them: the sum decides.
        string bases = "ACGTTGCAAGGCTTAACCGGATATCGCGATTACAGGTTTTTTTTTTTT";
        string qualities = new string('I', 36) + "######I#####";
        ReadsSummary summary = await SummaryOfAsync($"@read\n{bases}\n+\n{qualities}\n");
        Assert.Equal(12, summary.Number("trimmed"));
        Assert.Equal(1, summary.Number("placed"));
    }

    [Fact]
    public async Task Windows_line_ends_and_blank_lines_at_the_end_change_nothing()
    {
        string reads = Read("ACGTTGCAAGGCTTAACCGGATATCGCGATTACAGG") + "\n\n";
        ReadsSummary summary = await SummaryOfAsync(
            reads.Replace("\n", "\r\n", StringComparison.Ordinal), Genome.Replace("\n", "\r\n", StringComparison.Ordinal));
        Assert.Equal(1, summary.Number("reads"));
        Assert.Equal(1, summary.Number("placed"));
        Assert.Equal(1 + 66 + 60, File.ReadLines(directory["coverage.tsv"]).Count());
    }
}
