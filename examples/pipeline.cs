#:project ../src/Leat/Leat.csproj
#:project ../src/Leat.Console/Leat.Console.csproj
#:property PublishAot=false

// Sequencing reads as a build: samples are trimmed, placed on a genome and added up to a coverage, each step a job that
// makes files; a second run does only what is out of date, and says why.
//
//     dotnet run examples/pipeline.cs                    # makes a small genome and three samples, and everything of them
//     dotnet run examples/pipeline.cs                    # nothing to do
//     dotnet run examples/pipeline.cs -- --quality 25 --dry-run       # what another threshold would mean, and why
//     dotnet run examples/pipeline.cs -- --k 17          # places anew; as the places are the same, all the rest stays
//     dotnet run examples/pipeline.cs -- --out lambda --genome lambda_virus.fa --reads reads_1.fq.gz --reads reads_2.fq.gz
//
// Change the colour in Draw: only the drawing is made again. All that the command line can do: docs/shell.md.

using System.Globalization;
using System.IO.Compression;
using Leat;

// What is for this program; the rest is for the shell.
List<string> rest = [.. args];
string folder = Path.GetFullPath(Take("--out") ?? "pipeline-out");
string quality = Take("--quality") ?? "20", k = Take("--k") ?? "21";
string? given = Take("--genome");
List<string> reads = [];
while (Take("--reads") is { } file) reads.Add(Path.GetFullPath(file));
string genomeFile = given is null ? Demo.Make(folder, reads) : Path.GetFullPath(given);

var graph = new JobGraph(new JobGraphOptions { Folder = folder });
InputFileJob genome = graph.InputFile(genomeFile);
ParameterJob<int> threshold = graph.Parameter("quality", int.Parse(quality, CultureInfo.InvariantCulture));
ParameterJob<int> wordLength = graph.Parameter("k", int.Parse(k, CultureInfo.InvariantCulture));

// What follows from this does not run again for a change of a base, as long as there are as many.
FileJob lengths = graph.File("genome.lengths", path => File.WriteAllLines(path, Fasta.Read(genome.Path).Select(each => $"{each.Name}\t{each.Bases.Length}")))
    .DependsOn(genome);

// Loaded once, for all samples, and only if one of them must be placed.
LoadJob<Index> index = graph.Load("index", () => new Index([.. Fasta.Read(genome.Path)], wordLength.Value)).DependsOn(genome, wordLength);

List<FilesJob> trimmings = [];
List<FilesJob> placings = [];
foreach (string path in reads)
{
    string sample = Path.GetFileName(path).Split('.')[0];
    InputFileJob raw = graph.InputFile(path);
    FilesJob trimmed = graph.Files(
        $"trim {sample}",
        [("reads", $"trimmed/{sample}.fq.gz"), ("statistics", $"trimmed/{sample}.tsv")],
        outputs => Read.TrimAll(raw.Path, threshold.Value, outputs["reads"], outputs["statistics"])).DependsOn(raw, threshold);

    // It needs the reads, and not their statistics.
    FilesJob placed = graph.Files(
        $"place {sample}",
        [("positions", $"placed/{sample}.tsv"), ("log", $"placed/{sample}.log")],
        outputs => index.Value.PlaceAll(trimmed.Paths["reads"], outputs["positions"], outputs["log"])).DependsOn(trimmed["reads"], index);
    trimmings.Add(trimmed);
    placings.Add(placed);
}

// Needs the positions, and not the logs: when all reads find the same places again, nothing from here on runs.
FileJob coverage = graph.File("coverage.bedgraph", path => Coverage.Merge(lengths.Path, placings.Select(each => each.Paths["positions"]), path))
    .DependsOn(lengths).DependsOn(placings.Select(each => each["positions"]));

graph.Plot("coverage.svg", () => Coverage.Means(coverage.Path, Coverage.Windows(lengths.Path, 200)), Draw, table: "coverage.tsv").DependsOn(lengths, coverage);

// Another program, and with another version of it what it makes is made again.
EnvironmentJob gzip = graph.ToolVersion("gzip", "gzip --version");
graph.Command("coverage.bedgraph.gz", _ => $"gzip -9 -n -c {coverage}", standardOutput: true).DependsOn(gzip);

// How many windows there are is known when the genome has been read.
graph.Generate("windows", jobs =>
{
    foreach (Bin window in Coverage.Windows(lengths.Path, 5_000))
    {
        string name = string.Join('_', window.Sequence.Split('|', '/'));
        jobs.File($"windows/{name}.{window.Start:000000}.tsv", path => Coverage.Describe(coverage.Path, window, path)).DependsOn(coverage);
    }
}).DependsOn(lengths);

graph.Final("report", () =>
{
    IEnumerable<string> trimmed = trimmings.Select(each => $"- {File.ReadLines(each.Paths["statistics"]).Last().Replace("\t", ", ", StringComparison.Ordinal)}");
    IEnumerable<string> placed = placings.Select(each => $"- {File.ReadLines(each.Paths["log"]).Last()}");
    File.WriteAllLines(Path.Combine(folder, "report.md"), ["# Coverage", "", "![Coverage](coverage.svg)", "", "Trimmed:", "", .. trimmed, "", "Placed:", "", .. placed]);
});

return await graph.MainAsync([.. rest]);

// The value behind an option, which both are taken away; null if it is not there.
string? Take(string option)
{
    int at = rest.IndexOf(option);
    if (at < 0 || at + 1 >= rest.Count) return null;
    string value = rest[at + 1];
    rest.RemoveRange(at, 2);
    return value;
}

static void Draw(List<Bin> bins, string path)
{
    const string colour = "steelblue";
    const int width = 900, height = 260, left = 50, top = 20;
    double highest = Math.Max(1, bins.Max(bin => bin.Depth)), step = (double)(width - left - 10) / bins.Count;
    using var file = new StreamWriter(path);
    file.WriteLine(string.Create(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height + 2 * top}\" font-family=\"sans-serif\" font-size=\"12\">"));
    for (int i = 0; i < bins.Count; i++)
    {
        double bar = bins[i].Depth / highest * height;
        file.WriteLine(string.Create(CultureInfo.InvariantCulture, $"<rect x=\"{left + i * step:0.##}\" y=\"{top + height - bar:0.##}\" width=\"{step:0.##}\" height=\"{bar:0.##}\" fill=\"{colour}\"><title>{bins[i].Sequence.Replace('&', '+').Replace('<', '(')}:{bins[i].Start + 1}</title></rect>"));
    }

    file.WriteLine(string.Create(CultureInfo.InvariantCulture, $"<text x=\"5\" y=\"{top + 5}\">{highest:0}</text><text x=\"5\" y=\"{top + height}\">0</text>"));
    file.WriteLine(string.Create(CultureInfo.InvariantCulture, $"<text x=\"{left}\" y=\"{height + 2 * top - 5}\">mean depth of {bins.Count} stretches of the genome</text></svg>"));
}

/// <summary>A stretch of a sequence, and how many reads lie on a base of it on average.</summary>
internal readonly record struct Bin(string Sequence, int Start, int End, double Depth);

/// <summary>A read, with qualities as Phred+33.</summary>
internal readonly record struct Read(string Name, string Bases, string Qualities)
{
    private const int Shortest = 35;

    /// <summary>
    /// Trims the end as BWA does (Li and Durbin 2009, option <c>-q</c>) and cutadapt after it: what each base is worse than the threshold
    /// is summed up from the end on, until the sum falls below zero, and the read is cut where it was highest.
    /// </summary>
    public Read Trim(int threshold)
    {
        (int sum, int highest, int length) = (0, 0, Bases.Length);
        for (int i = Bases.Length - 1; i >= 0 && sum >= 0; i--)
        {
            sum += threshold - (Qualities[i] - '!');
            if (sum > highest) (highest, length) = (sum, i);
        }

        return this with { Bases = Bases[..length], Qualities = Qualities[..length] };
    }

    public static void TrimAll(string input, int threshold, string output, string statistics)
    {
        (int count, int kept, long cut) = (0, 0, 0);
        using (var file = new StreamWriter(new GZipStream(File.Create(output), CompressionLevel.Fastest)))
        {
            foreach (Read read in ReadAll(input))
            {
                Read trimmed = read.Trim(threshold);
                count++;
                cut += read.Bases.Length - trimmed.Bases.Length;
                if (trimmed.Bases.Length < Shortest) continue;
                kept++;
                file.Write($"@{trimmed.Name}\n{trimmed.Bases}\n+\n{trimmed.Qualities}\n");
            }
        }

        File.WriteAllText(statistics, $"file\treads\tkept\tbases cut off\n{Path.GetFileName(input)}\t{count} reads\t{kept} kept\t{cut} bases cut off\n");
        Console.WriteLine($"{kept} of {count} reads are {Shortest} bases or longer without their bad ends.");
    }

    /// <summary>The reads of a FASTQ file, plain or gzipped: name, bases, + and qualities, a line each.</summary>
    public static IEnumerable<Read> ReadAll(string path)
    {
        using var lines = new StreamReader(path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(File.OpenRead(path), CompressionMode.Decompress) : File.OpenRead(path));
        while (lines.ReadLine() is { Length: > 0 } name)
        {
            var read = new Read(name[1..], lines.ReadLine() ?? "", lines.ReadLine() == "+" ? lines.ReadLine() ?? "" : "");
            yield return name[0] == '@' && read.Bases.Length == read.Qualities.Length ? read : throw new InvalidDataException($"{path}: '{name}' is no read of four lines.");
        }
    }
}

internal readonly record struct Sequence(string Name, string Bases);

internal static class Fasta
{
    public static IEnumerable<Sequence> Read(string path) => File.ReadAllText(path).Split('>', StringSplitOptions.RemoveEmptyEntries).Select(text =>
    {
        string[] lines = text.Split('\n', StringSplitOptions.TrimEntries);
        return new Sequence(lines[0].Split(' ')[0], string.Concat(lines[1..]).ToUpperInvariant());
    });
}

/// <summary>A genome, and where in it every word of k bases stands.</summary>
internal sealed class Index
{
    private readonly Sequence[] genome;
    private readonly int k;
    private readonly Dictionary<string, List<(int Sequence, int Start)>> places = [];
    private readonly Dictionary<string, List<(int Sequence, int Start)>>.AlternateLookup<ReadOnlySpan<char>> lookup;

    public Index(Sequence[] genome, int k)
    {
        (this.genome, this.k) = (genome, k);
        lookup = places.GetAlternateLookup<ReadOnlySpan<char>>();
        for (int sequence = 0; sequence < genome.Length; sequence++)
        {
            ReadOnlySpan<char> bases = genome[sequence].Bases;
            for (int start = 0; start + k <= bases.Length; start++)
            {
                if (!lookup.TryGetValue(bases.Slice(start, k), out List<(int, int)>? same)) lookup[bases.Slice(start, k)] = same = [];
                same.Add((sequence, start));
            }
        }
    }

    public void PlaceAll(string reads, string positions, string log)
    {
        List<(int Sequence, int Start, int Length, bool IsTurned)> found = [];
        int count = 0;
        foreach (Read read in Read.ReadAll(reads))
        {
            count++;
            if (Place(read.Bases) is { } place) found.Add((place.Sequence, place.Start, read.Bases.Length, place.IsTurned));
        }

        found.Sort();
        File.WriteAllLines(positions, found.Select(each => $"{genome[each.Sequence].Name}\t{each.Start}\t{each.Start + each.Length}\t{(each.IsTurned ? '-' : '+')}"));
        File.WriteAllText(log, $"words of {k} bases\n{Path.GetFileName(reads)}: {found.Count} of {count} reads have a place\n");
    }

    /// <summary>
    /// Seed and vote, as Subread does (Liao, Smyth and Shi 2013): every word of the read on either strand votes for where the read would
    /// start. The place with most votes is taken if no other has as many, and if at most a tenth of the bases differ there.
    /// Insertions and deletions are not looked for.
    /// </summary>
    private (int Sequence, int Start, bool IsTurned)? Place(string bases)
    {
        Dictionary<(int Sequence, int Start, bool IsTurned), int> votes = [];
        string turned = new([.. bases.Reverse().Select(each => each switch { 'A' => 'T', 'C' => 'G', 'G' => 'C', 'T' => 'A', _ => 'N' })]);
        foreach (bool isTurned in (bool[])[false, true])
        {
            ReadOnlySpan<char> strand = isTurned ? turned : bases;
            for (int i = 0; i + k <= strand.Length; i++)
            {
                if (!lookup.TryGetValue(strand.Slice(i, k), out List<(int Sequence, int Start)>? all)) continue;
                foreach ((int sequence, int start) in all) votes[(sequence, start - i, isTurned)] = votes.GetValueOrDefault((sequence, start - i, isTurned)) + 1;
            }
        }

        if (votes.Count == 0) return null;
        ((int Sequence, int Start, bool IsTurned) best, int most) = votes.MaxBy(each => each.Value);
        if (votes.Count(each => each.Value == most) > 1) return null;
        string there = genome[best.Sequence].Bases, read = best.IsTurned ? turned : bases;
        if (best.Start < 0 || best.Start + read.Length > there.Length) return null;
        int different = read.Index().Count(each => each.Item != there[best.Start + each.Index]);
        return different <= read.Length / 10 ? best : null;
    }
}

internal static class Coverage
{
    /// <summary>How many reads lie on each base, as a bedGraph: a line for each stretch of the same depth, counted from 0, the end excluded.</summary>
    public static void Merge(string lengths, IEnumerable<string> positions, string output)
    {
        Dictionary<string, int[]> changes = File.ReadLines(lengths).Select(line => line.Split('\t')).ToDictionary(each => each[0], each => new int[Number(each[1]) + 1]);
        foreach (string[] place in positions.SelectMany(File.ReadLines).Select(line => line.Split('\t')))
        {
            changes[place[0]][Number(place[1])]++;
            changes[place[0]][Number(place[2])]--;
        }

        using var file = new StreamWriter(output);
        foreach ((string name, int[] change) in changes)
        {
            (int start, int depth) = (0, change[0]);
            for (int i = 1; i < change.Length; i++)
            {
                if (change[i] == 0 && i < change.Length - 1) continue;
                file.Write($"{name}\t{start}\t{i}\t{depth}\n");
                (start, depth) = (i, depth + change[i]);
            }
        }
    }

    /// <summary>Stretches of equal length; the last one of a sequence may be shorter.</summary>
    public static IEnumerable<Bin> Windows(string lengths, int size) => File.ReadLines(lengths).Select(line => line.Split('\t')).SelectMany(each =>
        Enumerable.Range(0, (Number(each[1]) + size - 1) / size).Select(i => new Bin(each[0], i * size, Math.Min(Number(each[1]), (i + 1) * size), 0)));

    public static List<Bin> Means(string coverage, IEnumerable<Bin> windows)
    {
        ILookup<string, Bin> all = File.ReadLines(coverage).Select(line => line.Split('\t')).Select(each => new Bin(each[0], Number(each[1]), Number(each[2]), Number(each[3]))).ToLookup(each => each.Sequence);
        return [.. windows.Select(window => window with
        {
            Depth = Math.Round(all[window.Sequence].Sum(each => each.Depth * Math.Max(0, Math.Min(each.End, window.End) - Math.Max(each.Start, window.Start))) / (window.End - window.Start), 3),
        })];
    }

    public static void Describe(string coverage, Bin window, string output) =>
        File.WriteAllText(output, string.Create(CultureInfo.InvariantCulture, $"{window.Sequence}\t{window.Start}\t{window.End}\t{Means(coverage, [window])[0].Depth}\n"));

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}

/// <summary>A genome of two sequences and three samples of reads of it, made up, and always the same ones.</summary>
internal static class Demo
{
    /// <returns>The file of the genome; those of the samples are added.</returns>
    public static string Make(string folder, List<string> samples)
    {
        string genome = Path.Combine(folder, "data", "genome.fa");
        string[] made = [.. new[] { "oat", "rye", "wheat" }.Select(name => Path.Combine(folder, "data", $"{name}.fq"))];
        samples.AddRange(made);
        if (File.Exists(genome)) return genome;
        Directory.CreateDirectory(Path.GetDirectoryName(genome)!);
        var random = new Random(1859);
        string[] sequences = [Bases(random, 12_000), Bases(random, 8_000)];
        foreach (string path in made) File.WriteAllText(path, string.Concat(Enumerable.Range(1, 1_000).Select(i => Sequenced(random, sequences[i % 5 / 3], i))));
        File.WriteAllText(genome, string.Concat(sequences.Select((bases, i) => $">chr{i + 1}\n{string.Join('\n', bases.Chunk(70).Select(line => new string(line)))}\n")));
        return genome;
    }

    private static string Bases(Random random, int length) => new(random.GetItems("ACGT".AsSpan(), length));

    // A hundred bases as a sequencer reads them: worse and worse, and wrong as often as it says.
    private static string Sequenced(Random random, string sequence, int number)
    {
        char[] bases = sequence.Substring(random.Next(sequence.Length - 100), 100).ToCharArray(), qualities = new char[100];
        for (int i = 0; i < bases.Length; i++)
        {
            int quality = Math.Max(2, random.Next(34, 41) - i * i * random.Next(5) / 800);
            if (random.NextDouble() < Math.Pow(10, -quality / 10.0)) bases[i] = "ACGT"[random.Next(4)];
            qualities[i] = (char)('!' + quality);
        }

        return $"@{number}\n{new string(bases)}\n+\n{new string(qualities)}\n";
    }
}
