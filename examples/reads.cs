#:project ../src/Leat/Leat.csproj
#:project ../src/Leat.Console/Leat.Console.csproj
#:package System.CommandLine
#:property PublishAot=false

// Sequencing reads on a genome: how deep is every base of it covered?
//
//     dotnet run examples/reads.cs
//     dotnet run examples/reads.cs -- --genome lambda_virus.fa reads_1.fq.gz reads_2.fq.gz
//     dotnet run examples/reads.cs -- --pool 'ssh:localhost*2'
//
// Reads are FASTQ (four lines a read, qualities as Phred+33), the genome is FASTA, each plain or gzipped. Every read is
// trimmed by quality and looked for on both strands of the genome; the depth of every base is written as a table.
// Without arguments the program makes a small genome and reads of it in the folder reads-demo, always the same ones.

using System.Buffers;
using System.CommandLine;
using System.Globalization;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text;
using Leat;

return await CommandLine.RunAsync(args, CoverAsync);

static async Task CoverAsync(Job job, CancellationToken cancellationToken)
{
    Genome genome = await Genome.LoadAsync(job.Genome, job.K, cancellationToken);

    // "4" are as many threads of each stage; the others are workers that the stages share.
    string[] where = job.Workers.Split(':', 2);
    int count = where is ["ssh", _] ? 1 : int.Parse(where[^1], CultureInfo.InvariantCulture);
    (string, int)[] hosts = where is ["ssh", var list] ? [.. list.Split(',').Select(host => host.Split('*')).Select(host => (host[0], int.Parse(host[1], CultureInfo.InvariantCulture)))] : [];
    await using Pool? pool = where[0] switch { "threads" => Pool.Threads(count), "processes" => Pool.Processes(count), "ssh" => Pool.Ssh(hosts), _ => null };
    int each = pool is null ? count : 1;

    // The reads of several files mix as they come: what is added up is the same in any order.
    Stage<string, Read> parse = Stage.FlatMap<string, Read>(Fastq.Parse, each).With(ordered: false);
    Stage<Read, Read> trim = Stage.Map((Read read) => read.Trim(job.MinQuality), each).Named("Trim");
    Stage<Read, Placement> place = Stage.Map((Read read) => genome.Place(read, job.MinLength), each).Named("Place");
    Stage<Placement, Coverage> cover = Stage.Fold<Placement, Coverage>(() => new Coverage(genome), Coverage.Add).Named("Cover");
    Stage<Coverage, string> tabulate = Stage.FlatMap((Coverage coverage) => coverage.Table()).Named("Tabulate");

    // The busy ones go to the pool, if there is one. A process has a copy of the genome with its index then, and of every read.
    Stage<string, Placement> find = parse | trim | place;
    Pipe<Coverage> covered = job.Reads | (pool is null ? find : find.On(pool)) | cover;

    // The one coverage that comes out goes two ways: to the file, which is there in full or not at all, and to the summary.
    Coverage? result = null;
    await using Flow flow = Flow.Start(
        [covered | tabulate | Sink.Lines(job.Output), covered | Sink.ForEach<Coverage>(coverage => result = coverage)],
        cancellationToken: cancellationToken);
    await flow.ShowProgressAsync();

    Console.Write(result!.Summary(job));
    Console.Write(result.Chart(columns: Console.IsOutputRedirected ? 60 : Math.Clamp(Console.WindowWidth - 12, 10, 60)));
}

/// <summary>What is to be done.</summary>
internal sealed record Job(string Genome, string[] Reads, string Output, string Workers, int K, int MinQuality, int MinLength);

/// <summary>A read: its bases in capitals, their qualities, and how many of both were trimmed off its end.</summary>
internal sealed record Read(string Bases, string Qualities, int Trimmed = 0)
{
    private const char QualityZero = '!'; // Phred+33

    /// <summary>
    /// Trims the end as BWA does (Li and Durbin 2009, option <c>-q</c>) and cutadapt after it: what each base is worse
    /// than the threshold is summed up from the end on, until the sum falls below zero, and the read is cut where it was
    /// highest. So one good base among bad ones does not save them.
    /// </summary>
    public Read Trim(int threshold)
    {
        int sum = 0;
        int highest = 0;
        int length = Bases.Length;
        for (int i = Bases.Length - 1; i >= 0; i--)
        {
            sum += threshold - (Qualities[i] - QualityZero);
            if (sum < 0) break;
            if (sum <= highest) continue;
            highest = sum;
            length = i;
        }
        return new Read(Bases[..length], Qualities[..length], Bases.Length - length);
    }
}

internal static class Fastq
{
    /// <summary>The reads of a file, of four lines each: @name, bases, + and qualities.</summary>
    public static async IAsyncEnumerable<Read> Parse(string file, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        long number = 0;
        long reads = 0;
        int part = 0;
        string bases = "";
        await foreach (string line in Source.Lines(file).WithCancellation(cancellationToken))
        {
            number++;
            if (part == 0 && line.Length == 0) continue; // as some programs leave at the end
            switch (part)
            {
                case 0 when !line.StartsWith('@'):
                    throw Fault(file, number, "A read starts with '@' and its name here, but the line does not.");
                case 1:
                    bases = line.ToUpperInvariant();
                    break;
                case 2 when !line.StartsWith('+'):
                    throw Fault(file, number, "The line between bases and qualities starts with '+', but this one does not.");
                case 3 when line.Length != bases.Length:
                    throw Fault(file, number, $"There are {line.Length} qualities for {bases.Length} bases.");
                case 3 when line.AsSpan().IndexOfAnyExceptInRange('!', '~') is >= 0 and int at:
                    throw Fault(file, number, $"A quality is a character from '!' to '~', but the one in column {at + 1} is not.");
                case 3:
                    reads++;
                    yield return new Read(bases, line);
                    break;
            }
            part = (part + 1) % 4;
        }
        if (part != 0) throw Fault(file, number, "The file ends in the middle of a read.");
        if (reads == 0) throw Fault(file, Math.Max(number, 1), "The file ends before the first read.");
    }

    public static InvalidDataException Fault(string file, long line, string what) => new($"{file}, line {line}: {what}");
}

/// <summary>A k-mer, where it starts, and whether it is written as its reverse complement.</summary>
internal readonly record struct Kmer(ulong Code, int At, bool IsTurned);

/// <summary>One sequence of a genome, and where in all of its bases it starts.</summary>
internal sealed record Sequence(string Name, int Start, int Length);

/// <summary>All sequences of a genome, one behind the other, and where in them every k-mer stands.</summary>
internal sealed class Genome
{
    private const char Border = '|'; // stands behind every sequence
    private static readonly SearchValues<char> Letters = SearchValues.Create("ABCDGHKMNRSTUVWYabcdghkmnrstuvwy*-"); // IUPAC's
    private readonly int k;
    private readonly ulong[] codes; // of all k-mers, sorted: arrays of numbers go to another process as they are
    private readonly int[] places; // where each stands, or the complement of that if it stands there as its reverse complement

    private Genome(string bases, IReadOnlyList<Sequence> sequences, int k)
    {
        (Bases, Sequences, this.k) = (bases, sequences, k);
        Kmer[] kmers = [.. KmersOf(bases)];
        codes = Array.ConvertAll(kmers, kmer => kmer.Code);
        places = Array.ConvertAll(kmers, kmer => kmer.IsTurned ? ~kmer.At : kmer.At);
        Array.Sort(codes, places);
    }

    public string Bases { get; }

    public IReadOnlyList<Sequence> Sequences { get; }

    public static async Task<Genome> LoadAsync(string file, int k, CancellationToken cancellationToken)
    {
        var bases = new StringBuilder();
        var sequences = new List<Sequence>();
        long number = 0;
        await foreach (string line in Source.Lines(file).WithCancellation(cancellationToken))
        {
            number++;
            if (line.StartsWith('>'))
            {
                if (sequences.Count > 0) bases.Append(Border);
                sequences.Add(new Sequence(line[1..].Split([' ', '\t'])[0], bases.Length, 0));
            }
            else if (line.AsSpan().Trim() is { Length: > 0 } text)
            {
                if (sequences.Count == 0) throw Fastq.Fault(file, number, "A sequence starts with '>' and its name, but the line does not.");
                if (text.IndexOfAnyExcept(Letters) is >= 0 and int at) throw Fastq.Fault(file, number, $"'{text[at]}' is no base.");
                bases.Append(text);
                sequences[^1] = sequences[^1] with { Length = sequences[^1].Length + text.Length };
            }
        }
        if (sequences.Sum(sequence => sequence.Length) == 0) throw Fastq.Fault(file, Math.Max(number, 1), "The file ends before the first base.");

        // An unknown base must be like no other: here it is an n, in a read an N.
        return new Genome(bases.Append(Border).ToString().ToUpperInvariant().Replace('N', 'n'), sequences, k);
    }

    public static string ReverseComplement(string bases) => string.Create(bases.Length, bases, static (reversed, bases) =>
    {
        for (int i = 0; i < bases.Length; i++)
        {
            reversed[^(i + 1)] = bases[i] switch { 'A' => 'T', 'C' => 'G', 'G' => 'C', 'T' => 'A', var other => other };
        }
    });

    /// <summary>
    /// Looks for the read on both strands: where it shares a k-mer with the genome it is laid beside it and the bases that
    /// differ are counted, one in ten at most. Its place is where the fewest do; two such places make it ambiguous.
    /// Insertions and deletions are not looked for, so that a read with one in its middle finds no place.
    /// </summary>
    public Placement Place(Read read, int minLength)
    {
        if (read.Bases.Length < minLength) return new Placement(read, Fate.TooShort);
        var best = new Placement(read, Fate.Unplaced);
        int fewest = read.Bases.Length / 10;
        string? turned = null;
        foreach ((int start, bool isTurned) in Candidates(read.Bases))
        {
            string strand = isTurned ? turned ??= ReverseComplement(read.Bases) : read.Bases;
            int mismatches = Mismatches(strand, start, fewest);
            if (mismatches > fewest) continue;
            bool isTie = mismatches == fewest && best.Fate != Fate.Unplaced;
            best = new Placement(read, isTie ? Fate.Ambiguous : Fate.Placed, start);
            fewest = mismatches;
        }
        return best;
    }

    // Where on which strand the read would start, if one of its k-mers lay on the same one of the genome.
    private HashSet<(int Start, bool IsTurned)> Candidates(string bases)
    {
        var candidates = new HashSet<(int, bool)>();
        foreach (Kmer kmer in KmersOf(bases))
        {
            int i = Array.BinarySearch(codes, kmer.Code);
            while (i > 0 && codes[i - 1] == kmer.Code) i--;
            for (; i >= 0 && i < codes.Length && codes[i] == kmer.Code; i++)
            {
                bool isTurned = places[i] < 0;
                int at = isTurned ? ~places[i] : places[i];
                candidates.Add(kmer.IsTurned == isTurned ? (at - kmer.At, false) : (at - (bases.Length - k - kmer.At), true));
            }
        }
        return candidates;
    }

    // Stops counting when there are more than the most allowed; a read that hangs over an end of a sequence has too many.
    private int Mismatches(string strand, int start, int most)
    {
        if (start < 0 || start + strand.Length > Bases.Length) return int.MaxValue;
        int count = 0;
        for (int i = 0; i < strand.Length && count <= most; i++)
        {
            char there = Bases[start + i];
            if (there == Border) return int.MaxValue;
            if (there != strand[i]) count++;
        }
        return count;
    }

    // Two bits a base. A k-mer and its reverse complement count as one, the lesser of both, as each strand implies the
    // other. What has an unknown base in it is left out.
    private IEnumerable<Kmer> KmersOf(string bases)
    {
        (ulong forward, ulong backward, int known) = (0, 0, 0);
        for (int i = 0; i < bases.Length; i++)
        {
            int code = bases[i] switch { 'A' => 0, 'C' => 1, 'G' => 2, 'T' => 3, _ => -1 };
            known = code < 0 ? 0 : known + 1;
            forward = ((forward << 2) | (uint)(code & 3)) & ((1UL << (2 * k)) - 1);
            backward = (backward >> 2) | ((ulong)(3 - (code & 3)) << (2 * (k - 1)));
            if (known >= k) yield return new Kmer(Math.Min(forward, backward), i - k + 1, backward < forward);
        }
    }
}

/// <summary>What became of a read.</summary>
internal enum Fate
{
    TooShort,
    Unplaced,
    Ambiguous,
    Placed,
}

internal readonly record struct Placement(Read Read, Fate Fate, int Start = -1);

/// <summary>How many reads lie on every base, and how many reads there were of each fate.</summary>
internal sealed class Coverage(Genome genome)
{
    private readonly int[] steps = new int[genome.Bases.Length + 1]; // how much deeper it is than one base before
    private readonly long[] fates = new long[4];
    private long bases;
    private long trimmed;

    public static Coverage Add(Coverage sum, Placement next)
    {
        sum.fates[(int)next.Fate]++;
        sum.bases += next.Read.Bases.Length + next.Read.Trimmed;
        sum.trimmed += next.Read.Trimmed;
        if (next.Fate == Fate.Placed)
        {
            sum.steps[next.Start]++;
            sum.steps[next.Start + next.Read.Bases.Length]--;
        }
        return sum;
    }

    /// <summary>A line for every base of the genome: its sequence, its position there counted from 1, and its depth.</summary>
    public IEnumerable<string> Table() =>
        Depths().Select(at => $"{at.Sequence}\t{at.Position}\t{at.Depth}").Prepend("sequence\tposition\tdepth");

    public string Summary(Job job)
    {
        long count = fates.Sum();
        long tooShort = fates[(int)Fate.TooShort];
        long kept = count - tooShort;
        (long placed, long ambiguous, long unplaced) = (fates[(int)Fate.Placed], fates[(int)Fate.Ambiguous], fates[(int)Fate.Unplaced]);
        int[] depth = [.. Depths().Select(at => at.Depth)];
        return $"""
            reads      {count,11:N0}  with {bases:N0} bases
            trimmed    {trimmed,11:N0}  bases off ends below quality {job.MinQuality}, {Percent(trimmed, bases)}
            too short  {tooShort,11:N0}  under {job.MinLength} bases, {Percent(tooShort, count)}
            placed     {placed,11:N0}  {Percent(placed, kept)} of the {kept:N0} long enough
            ambiguous  {ambiguous,11:N0}  {Percent(ambiguous, kept)}
            unplaced   {unplaced,11:N0}  {Percent(unplaced, kept)}
            coverage   {depth.Average(),11:N2}  on average, {Percent(depth.Count(d => d > 0), depth.Length)} of {depth.Length:N0} bases covered
            table      {job.Output}

            """;
    }

    /// <summary>The depth along the genome, every column the mean of as many bases.</summary>
    public string Chart(int columns)
    {
        const int height = 5;
        int[] depth = [.. Depths().Select(at => at.Depth)];
        columns = Math.Min(columns, depth.Length);
        double[] means = [.. Enumerable.Range(0, columns).Select(i =>
            depth[(int)((long)i * depth.Length / columns)..(int)((i + 1L) * depth.Length / columns)].Average())];
        double top = Math.Max(means.Max(), 1);
        var chart = new StringBuilder("\n");
        for (int row = height - 1; row >= 0; row--)
        {
            string label = row == height - 1 ? $"{top:N0}" : row == 0 ? "0" : "";
            chart.Append($"{label,9} ");
            foreach (double mean in means)
            {
                int eighths = (int)Math.Ceiling(mean / top * height * 8) - (row * 8);
                chart.Append(" ▁▂▃▄▅▆▇█"[Math.Clamp(eighths, 0, 8)]);
            }
            chart.Append('\n');
        }
        return chart.Append($"{"",9} 1{depth.Length.ToString("N0").PadLeft(columns - 1)}\n").ToString();
    }

    private IEnumerable<(string Sequence, int Position, int Depth)> Depths()
    {
        foreach (Sequence sequence in genome.Sequences)
        {
            int depth = 0;
            for (int i = 0; i < sequence.Length; i++)
            {
                depth += steps[sequence.Start + i];
                yield return (sequence.Name, i + 1, depth);
            }
        }
    }

    private static string Percent(long part, long whole) => whole == 0 ? "-" : $"{100.0 * part / whole:0.0} %";
}

/// <summary>
/// A genome and reads of it, made up: 20,000 bases, of which 500 stand in it twice, and 2,000 pairs of reads, which lie
/// denser where a growing bacterium begins to copy its genome and are worse towards their ends.
/// </summary>
internal static class Demo
{
    private const string Folder = "reads-demo";

    public static Job Make(Job job, string? output)
    {
        var random = new Random(1859);
        string half = Bases(random, 9_500);
        string twice = Bases(random, 500);
        string genome = half + twice + Bases(random, 9_500) + Genome.ReverseComplement(twice);

        var (first, second) = (new StringBuilder(), new StringBuilder());
        int pairs = 0;
        while (pairs < 2_000)
        {
            int length = random.Next(200, 400);
            int start = random.Next(genome.Length - length);
            if (random.Next(2 * genome.Length) < start) continue; // the far end is half as dense
            string fragment = genome.Substring(start, length);
            if (random.Next(2) == 0) fragment = Genome.ReverseComplement(fragment);
            pairs++;
            first.Append(Sequenced(random, fragment, $"{pairs}/1"));
            second.Append(Sequenced(random, Genome.ReverseComplement(fragment), $"{pairs}/2"));
        }

        Directory.CreateDirectory(Folder);
        Job made = job with
        {
            Genome = Path.Combine(Folder, "genome.fa"),
            Reads = [Path.Combine(Folder, "reads_1.fq.gz"), Path.Combine(Folder, "reads_2.fq")],
            Output = output ?? Path.Combine(Folder, "coverage.tsv"),
        };
        File.WriteAllLines(made.Genome, genome.Chunk(70).Select(line => new string(line)).Prepend(">demo a genome made up"));
        using (var zipped = new StreamWriter(new GZipStream(File.Create(made.Reads[0]), CompressionLevel.Optimal))) zipped.Write(first);
        File.WriteAllText(made.Reads[1], second.ToString());
        Console.WriteLine($"Made {string.Join(", ", made.Reads.Prepend(made.Genome))}; --help tells how to use other files.\n");
        return made;
    }

    private static string Bases(Random random, int length) => new(random.GetItems("ACGT".AsSpan(), length));

    // The first hundred bases as a sequencer reads them, which says for each how sure it is and is wrong as often as it says.
    private static string Sequenced(Random random, string fragment, string name)
    {
        char[] bases = fragment[..100].ToCharArray();
        char[] qualities = new char[bases.Length];
        for (int i = 0; i < bases.Length; i++)
        {
            int quality = Math.Max(2, random.Next(34, 41) - i * i * random.Next(5) / 800);
            if (random.NextDouble() < Math.Pow(10, quality / -10.0)) bases[i] = quality == 2 ? 'N' : "ACGT"[random.Next(4)];
            qualities[i] = (char)('!' + quality);
        }
        return $"@{name}\n{new string(bases)}\n+\n{new string(qualities)}\n";
    }
}

/// <summary>What the program takes from the command line, and how it tells of errors: in a line, without a stack trace.</summary>
internal static class CommandLine
{
    public static Task<int> RunAsync(string[] args, Func<Job, CancellationToken, Task> run)
    {
        Console.OutputEncoding = Encoding.UTF8;
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

        Option<string?> genome = new("--genome") { Description = "The genome, as FASTA.", HelpName = "file" };
        Option<string?> output = new("--output") { Description = "The table to write. [default: coverage.tsv]", HelpName = "file" };
        Option<string> workers = new("--workers", "--pool") { DefaultValueFactory = _ => $"{Environment.ProcessorCount}", HelpName = "number" };
        workers.Description = "How many workers each of the busy stages has; threads:N, processes:N or ssh:HOST*N,… for workers that they share.";
        Option<int> k = Number("--k", 21, 9, 31, "The length of the k-mers of which a read must share one with its place; odd.");
        Option<int> minQuality = Number("--min-quality", 20, 0, 93, "The quality below which the end of a read is trimmed off.");
        Option<int> minLength = Number("--min-length", 35, 1, int.MaxValue, "The length below which a trimmed read is left out.");
        Argument<string[]> reads = new("reads") { Description = "The reads, as FASTQ. Paired reads are just two files." };
        workers.Validators.Add(given =>
        {
            string[] parts = given.GetRequiredValue(workers).Split(':', 2);
            if (parts is ["ssh", var hosts] && hosts.Split(',').All(host => host.Split('*') is [not "", var number] && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int n) && n >= 1)) return;
            if (parts is [_] or ["threads" or "processes", _] && int.TryParse(parts[^1], NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count is >= 1 and <= 1024) return;
            given.AddError("--workers takes a number from 1 to 1024, alone or behind threads: or processes:, or hosts behind ssh:, as in ssh:host1*4,host2*2.");
        });
        k.Validators.Add(given =>
        {
            // An odd one is never its own reverse complement.
            if (given.GetValueOrDefault<int>() % 2 == 0) given.AddError("--k must be odd.");
        });

        var command = new RootCommand("Places sequencing reads on a genome and tells how deep every base is covered.")
        {
            genome, output, workers, k, minQuality, minLength, reads,
        };
        command.Validators.Add(given =>
        {
            bool hasGenome = given.GetValue(genome) is not null;
            bool hasReads = given.GetValue(reads) is { Length: > 0 };
            if (hasGenome != hasReads) given.AddError("Give both --genome FILE and files of reads, or neither for a demonstration.");
        });
        command.SetAction((given, cancellationToken) => GuardAsync(() =>
        {
            var job = new Job(
                given.GetValue(genome) ?? "", given.GetValue(reads) ?? [], given.GetValue(output) ?? "coverage.tsv",
                given.GetRequiredValue(workers), given.GetValue(k), given.GetValue(minQuality), given.GetValue(minLength));
            return run(job.Reads is [] ? Demo.Make(job, given.GetValue(output)) : job, cancellationToken);
        }));
        return command.Parse(args).InvokeAsync();
    }

    private static async Task<int> GuardAsync(Func<Task> run)
    {
        try
        {
            await run();
            return 0;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("reads: cancelled, and nothing written");
            return 130;
        }
        catch (Exception error) when (Cause(error) is LeatException or InvalidDataException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"reads: {Cause(error).Message}");
            return 1;
        }
    }

    // A failed run tells which stage it was and what it worked on; here, only what was wrong with which file matters.
    private static Exception Cause(Exception error) => error is PipelineException run ? Cause(run.Failures[0].Exception) : error;

    private static Option<int> Number(string name, int otherwise, int from, int to, string description)
    {
        var option = new Option<int>(name) { Description = description, HelpName = "number", DefaultValueFactory = _ => otherwise };
        option.Validators.Add(given =>
        {
            int number = given.GetValueOrDefault<int>();
            if (number < from || number > to) given.AddError($"{name} goes from {from} to {to}.");
        });
        return option;
    }
}
