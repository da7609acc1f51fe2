using System.IO.Compression;
using System.Text;

namespace Leat.Tests.Examples;

/// <summary>What the example of reads says when its files are broken; the output of an earlier run must stay as it was.</summary>
public sealed class ReadsFailuresTests : IDisposable
{
    private const string Before = "the output of an earlier run\n";

    private readonly TemporaryDirectory directory = new();

    public ReadsFailuresTests()
    {
        var random = new Random(1);
        directory.Write("genome.fa", ">genome\n" + new string(random.GetItems("ACGT".AsSpan(), 5_000)) + "\n");
        directory.Write("coverage.tsv", Before);
    }

    public void Dispose() => directory.Dispose();

    private static string Reads(int count)
    {
        var random = new Random(2);
        var text = new StringBuilder();
        for (int i = 1; i <= count; i++)
        {
            text.Append("@read").Append(i).Append('\n').Append(random.GetItems("ACGT".AsSpan(), 60)).Append("\n+\n").Append('I', 60).Append('\n');
        }
        return text.ToString();
    }

    private static byte[] Zipped(string text)
    {
        using var bytes = new MemoryStream();
        using (var zip = new GZipStream(bytes, CompressionLevel.Optimal)) zip.Write(System.Text.Encoding.ASCII.GetBytes(text));
        return bytes.ToArray();
    }

    // All that it says after a failure, but for the line of its progress.
    private async Task<string> ErrorAsync(params string[] arguments)
    {
        string[] files = Files();
        DotnetRun run = await ExampleProgram.RunAsync("reads", directory.Path, arguments);
        Assert.Equal(1, run.ExitCode);
        Assert.Empty(run.Output);
        Assert.Equal(Before, await File.ReadAllTextAsync(directory["coverage.tsv"], TestContext.Current.CancellationToken));
        Assert.Equal(files, Files());
        return Assert.Single(run.Errors.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n'), line => !line.Contains(" failed: ", StringComparison.Ordinal));
    }

    private Task<string> ErrorOfReadsAsync(string reads)
    {
        directory.Write("reads.fq", reads);
        return ErrorAsync("--genome", "genome.fa", "reads.fq");
    }

    private string[] Files() => [.. Directory.EnumerateFileSystemEntries(directory.Path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    [Fact]
    public async Task A_truncated_gzip_file_is_told()
    {
        byte[] whole = Zipped(Reads(20_000));
        await File.WriteAllBytesAsync(directory["reads.fq.gz"], whole[..(whole.Length / 2)], TestContext.Current.CancellationToken);
        string error = await ErrorAsync("--genome", "genome.fa", "reads.fq.gz");
        Assert.Matches(@"^reads: LEAT0014: The input file 'reads\.fq\.gz' is damaged or cut short behind line \d{4,5}: ", error);
    }

    [Fact]
    public async Task A_gzip_file_that_lacks_its_last_bytes_is_told()
    {
        await File.WriteAllBytesAsync(directory["reads.fq.gz"], Zipped(Reads(10))[..^5], TestContext.Current.CancellationToken);
        Assert.StartsWith(
            "reads: LEAT0014: The input file 'reads.fq.gz' is damaged or cut short behind line ",
            await ErrorAsync("--genome", "genome.fa", "reads.fq.gz"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "reads: reads.fq, line 117: The file ends in the middle of a read.")]
    [InlineData(2, "reads: reads.fq, line 118: The file ends in the middle of a read.")]
    [InlineData(3, "reads: reads.fq, line 119: The file ends in the middle of a read.")]
    public async Task A_record_that_ends_with_the_file_is_told(int lines, string error)
    {
        string reads = string.Join('\n', Reads(30).Split('\n').Take((29 * 4) + lines)) + "\n";
        Assert.Equal(error, await ErrorOfReadsAsync(reads));
    }

    [Fact]
    public async Task A_line_that_ends_with_the_file_is_told() => Assert.Equal(
        "reads: reads.fq, line 120: There are 40 qualities for 60 bases.", await ErrorOfReadsAsync(Reads(30)[..^21]));

    [Fact]
    public async Task A_quality_line_of_the_wrong_length_is_told() => Assert.Equal(
        "reads: reads.fq, line 8: There are 61 qualities for 60 bases.",
        await ErrorOfReadsAsync(Reads(2)[..^1] + "I\n" + Reads(5_000)));

    [Fact]
    public async Task An_empty_file_is_told() => Assert.Equal(
        "reads: reads.fq, line 1: The file ends before the first read.", await ErrorOfReadsAsync(""));

    [Fact]
    public async Task A_file_of_blank_lines_is_told() => Assert.Equal(
        "reads: reads.fq, line 2: The file ends before the first read.", await ErrorOfReadsAsync("\n\n"));

    [Fact]
    public async Task An_empty_gzip_file_is_told()
    {
        await File.WriteAllBytesAsync(directory["reads.fq.gz"], Zipped(""), TestContext.Current.CancellationToken);
        Assert.Equal("reads: reads.fq.gz, line 1: The file ends before the first read.", await ErrorAsync("--genome", "genome.fa", "reads.fq.gz"));
    }

    [Fact]
    public async Task A_missing_file_is_told()
    {
        directory.Write("reads.fq", Reads(10));
        Assert.StartsWith("reads: LEAT0012: The input file 'mate.fq' does not exist.", await ErrorAsync("--genome", "genome.fa", "reads.fq", "mate.fq"), StringComparison.Ordinal);
        Assert.StartsWith("reads: LEAT0012: The input file 'genom.fa' does not exist.", await ErrorAsync("--genome", "genom.fa", "reads.fq"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("read1\nACGT\n+\nIIII\n", "line 1: A read starts with '@' and its name here, but the line does not.")]
    [InlineData("@read1\nACGT\nIIII\n", "line 3: The line between bases and qualities starts with '+', but this one does not.")]
    [InlineData("@read1\nACGT\n+\nII I\n", "line 4: A quality is a character from '!' to '~', but the one in column 3 is not.")]
    [InlineData("@read1\nACGT\n+\nIIII\n\n@read2\nACGT\n+\n", "line 8: The file ends in the middle of a read.")]
    public async Task What_is_no_FASTQ_is_told(string reads, string error) =>
        Assert.Equal($"reads: reads.fq, {error}", await ErrorOfReadsAsync(reads));

    [Theory]
    [InlineData("", "line 1: The file ends before the first base.")]
    [InlineData(">genome\n\n", "line 2: The file ends before the first base.")]
    [InlineData("ACGT\n", "line 1: A sequence starts with '>' and its name, but the line does not.")]
    [InlineData(">genome\nACGT\nAC7T\n", "line 3: '7' is no base.")]
    public async Task What_is_no_FASTA_is_told(string genome, string error)
    {
        directory.Write("genome.fa", genome);
        Assert.Equal($"reads: genome.fa, {error}", await ErrorOfReadsAsync(Reads(1)));
    }

    [Fact]
    public async Task Half_of_what_it_needs_is_not_enough()
    {
        DotnetRun run = await ExampleProgram.RunAsync("reads", directory.Path, "--genome", "genome.fa");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("Give both --genome FILE and files of reads", run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--k", "20")]
    [InlineData("--k", "33")]
    [InlineData("--workers", "0")]
    [InlineData("--workers", "processes:0")]
    [InlineData("--workers", "machines:2")]
    [InlineData("--min-quality", "-1")]
    public async Task A_number_out_of_its_range_is_told(string option, string value)
    {
        DotnetRun run = await ExampleProgram.RunAsync("reads", directory.Path, option, value);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(option, run.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(directory["reads-demo"]));
    }
}
