#:project ../src/Leat/Leat.csproj
#:package System.CommandLine
#:property PublishAot=false

// Which substances are in several samples, and how much of each? Runs of liquid chromatography and mass spectrometry.
//
//     dotnet run examples/lcms.cs
//     dotnet run examples/lcms.cs -- --change 2 --explain
//     dotnet run examples/lcms.cs -- --out results sample_1.mzML sample_2.mzML.gz sample_3.mzML
//     dotnet run examples/lcms.cs -- --workers processes:2
//
// Runs are mzML, plain or gzipped. The peaks of every run are picked, runs are aligned two by two, as each has retention times
// of its own, and what belongs together becomes a row of the consensus table. All results are kept in a cache: the second
// time nothing runs; after a change of one run, or of the code, only what depends on it. Without files the program makes
// four runs, always the same ones, and says how much of what is in them was found; --change 2 makes the second one anew.

using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using Leat;

return await CommandLine.RunAsync(args, CompareAsync);

static async Task CompareAsync(Job job, CancellationToken cancellationToken)
{
    Cache? cache = job.Cache is null ? null : Cache.Directory(job.Cache);
    var pick = Call.Apply<InputFile, Peaks>(Picker.Pick, cache);
    var align = Call.Join<Peaks, Peaks, Alignment>(Alignment.Align, cache);
    var tabulate = Call.Reduce<Alignment, Table>(Table.Tabulate, cache);

    Deferred<Peaks> peaks = pick(job.Runs.Select(run => new InputFile(run)).ToArray());
    Deferred<Table> consensus = tabulate(align(peaks, peaks)); // nothing has run

    var clock = Stopwatch.StartNew();
    int workers = int.Parse(job.Workers.Split(':')[^1], CultureInfo.InvariantCulture);
    await using Pool pool = job.Workers.StartsWith("processes", StringComparison.Ordinal) ? Pool.Processes(workers) : Pool.Threads(workers);
    await using CallRun<Table> run = consensus.Start(pool, cancellationToken);
    Table table = await run.InOrder(cancellationToken).SingleAsync(cancellationToken);
    await using Flow flow = Flow.Start([table.Lines() | Sink.Lines(job.Output)], cancellationToken: cancellationToken);
    await flow.Completion; // the file is there in full, or not at all

    Console.Write(table.Summary() + job.Demo?.Judge(table));
    foreach ((string call, CallOrigin origin, int count) in run.Explain().Summary) Console.WriteLine($"{call,-11}{count,11:N0}  {(origin == CallOrigin.Ran ? "ran" : "from the cache")}");
    Console.WriteLine($"time       {clock.Elapsed.TotalSeconds,11:N2}  s\ntable      {job.Output}\ncache      {job.Cache ?? "none"}");
    if (job.Explain) Console.Write($"\n{run.Explain()}");
}

/// <summary>What is to be done; a demo knows what is in runs that it has made.</summary>
internal sealed record Job(string[] Runs, string Output, string? Cache, string Workers, bool Explain, Demo? Demo);

/// <summary>A spectrum. Its time, in seconds, and its arrays are only there if its level is 1.</summary>
internal sealed record Spectrum(int Level, bool IsProfile, double Time, double[] Mz, double[] Intensity);

/// <summary>A run: its file's name, and how much was in it. The folder is no part of it, so that runs may move and stay the same.</summary>
internal sealed record Run(string Name, int Spectra, int Scans, long Points, double Intensity);

/// <summary>The peaks of a run, in the order of m/z; of each also when it is highest, in seconds, and its area.</summary>
internal sealed record Peaks(Run Run, Peak[] Found);
internal readonly record struct Peak(double Mz, double Time, double Area);

/// <summary>Reads mzML (Martens et al. 2011) as a stream, one spectrum at a time. The accessions are those of psi-ms.obo.</summary>
internal sealed class Mzml(string file)
{
    private readonly Dictionary<string, XElement> groups = new(StringComparer.Ordinal); // of terms
    private double last; // time

    public string Place { get; private set; } = ""; // in the file, for errors

    public IEnumerable<Spectrum> Spectra()
    {
        using Stream stream = File.OpenRead(file);
        bool isZipped = stream.ReadByte() == 0x1f && stream.ReadByte() == 0x8b;
        stream.Position = 0;
        using var xml = XmlReader.Create(isZipped ? new GZipStream(stream, CompressionMode.Decompress) : stream);
        while (xml.MoveToContent() != XmlNodeType.None)
        {
            string name = xml.NodeType == XmlNodeType.Element ? xml.LocalName : "";
            if (xml.Depth == 0 && name is not ("" or "mzML" or "indexedmzML")) throw new FormatException($"This is no mzML, as it starts with <{name}>.");
            Place = name == "spectrum" ? $", spectrum '{xml.GetAttribute("id")}'" : "";
            if (name == "spectrum") yield return Parse((XElement)XNode.ReadFrom(xml));
            else if (name == "referenceableParamGroup" && xml.GetAttribute("id") is { } id) groups[id] = (XElement)XNode.ReadFrom(xml);
            else xml.Read();
        }
    }

    private Spectrum Parse(XElement element)
    {
        XNamespace space = element.Name.Namespace;
        Dictionary<string, XElement> terms = TermsOf(element);
        int level = terms.TryGetValue("MS:1000511", out XElement? given) ? (int)Number(given.Attribute("value"), "ms level") : terms.ContainsKey("MS:1000579") ? 1 : 0;
        if (level != 1) return new Spectrum(level, false, 0, [], []);

        XElement? start = TermsOf(element.Element(space + "scanList")?.Element(space + "scan")).GetValueOrDefault("MS:1000016");
        double time = Number(start?.Attribute("value"), "scan start time");
        time *= start?.Attribute("unitAccession")?.Value switch { "UO:0000010" => 1, "UO:0000031" => 60, var unit => throw new FormatException($"Its scan start time is in '{unit}', neither in seconds (UO:0000010) nor in minutes (UO:0000031).") };
        if (time < last) throw new FormatException("It is earlier than the one before it.");
        last = time;
        double length = Number(element.Attribute("defaultArrayLength"), "defaultArrayLength");
        double[] Values(string accession, string name)
        {
            XElement? array = element.Descendants(space + "binaryDataArray").FirstOrDefault(array => TermsOf(array).ContainsKey(accession));
            if (array is null) return length == 0 ? [] : throw new FormatException($"It has no {name} array.");
            string before = Place;
            Place += $", {name} array";
            double[] values = Decode(array, TermsOf(array), length);
            Place = before;
            return values;
        }
        (double[] mz, double[] intensity) = (Values("MS:1000514", "m/z"), Values("MS:1000515", "intensity"));
        if (mz.Length != intensity.Length) throw new FormatException($"It has {mz.Length:N0} m/z values and {intensity.Length:N0} intensities.");
        Array.Sort(mz, intensity);
        return new Spectrum(level, terms.ContainsKey("MS:1000128"), time, mz, intensity);
    }

    // Those that stand in it, and those of the groups that it refers to.
    private Dictionary<string, XElement> TermsOf(XElement? parent)
    {
        IEnumerable<XElement> Shared(string group) =>
            groups.TryGetValue(group, out XElement? shared) ? shared.Elements() : throw new FormatException($"It refers to the group of terms '{group}', which is not there.");
        return (parent?.Elements() ?? [])
            .SelectMany(each => each.Name.LocalName == "referenceableParamGroupRef" ? Shared(each.Attribute("ref")?.Value ?? "") : [each])
            .Where(each => each.Name.LocalName == "cvParam").DistinctBy(term => term.Attribute("accession")?.Value ?? "").ToDictionary(term => term.Attribute("accession")?.Value ?? "");
    }

    private static double[] Decode(XElement array, Dictionary<string, XElement> terms, double length)
    {
        string those = string.Join(", ", terms.Values.Select(term => term.Attribute("name")?.Value));
        int size = terms.ContainsKey("MS:1000523") ? 8 : terms.ContainsKey("MS:1000521") ? 4 : throw new FormatException($"It is not of 32- or 64-bit floats ({those}).");
        bool isZipped = terms.ContainsKey("MS:1000574");
        if (!isZipped && !terms.ContainsKey("MS:1000576")) throw new FormatException($"It is compressed in an unknown way ({those}).");
        if (array.Attribute("arrayLength") is { } own) length = Number(own, "arrayLength");
        byte[] bytes = Convert.FromBase64String(array.Element(array.Name.Namespace + "binary")?.Value ?? "");
        if (isZipped && bytes.Length > 0)
        {
            using var zip = new ZLibStream(new MemoryStream(bytes), CompressionMode.Decompress);
            bytes = new byte[(int)Math.Min(length * size + 1, Math.Min(1032.0 * bytes.Length, Array.MaxLength))]; // zlib makes no more
            bytes = bytes[..zip.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
        }
        if (bytes.Length != length * size) throw new FormatException($"It has {(bytes.Length > length * size ? "more" : "fewer")} than {length:N0} values of {size} bytes.");
        double[] values = [.. bytes.Chunk(size).Select(value => size == 8 ? BitConverter.ToDouble(value) : BitConverter.ToSingle(value))];
        return values.All(value => value >= 0 && double.IsFinite(value)) ? values : throw new FormatException("It has values that are negative or no numbers.");
    }

    private static double Number(XAttribute? given, string name) =>
        double.TryParse(given?.Value, CultureInfo.InvariantCulture, out double number) && number >= 0 && double.IsFinite(number) ? number
        : throw new FormatException(given is null ? $"It does not tell its {name}." : $"Its {name} is '{given.Value}', and that is no such number.");
}

/// <summary>
/// Picks the peaks of a run: the centroids of each spectrum, traces of the same mass through the spectra, and where traces
/// rise and fall. So centWave finds its regions of interest (Tautenhahn, Böttcher and Neumann 2008) and OpenMS its mass
/// traces; in these, centWave looks for wavelets, and here they are simply cut at their valleys.
/// </summary>
internal static class Picker
{
    public const double Ppm = 10; // how far apart the same mass may be found, in millionths
    private const double LeastHeight = 1000;
    private const int FewestPoints = 5, LongestGap = 2; // spectra, where the gap is how many in a row may lack a trace

    private readonly record struct Point(int Scan, double Time, double Mz, double Intensity);

    private static double Mz(List<Point> trace) => trace.TakeLast(10).Sum(point => point.Mz * point.Intensity) / trace.TakeLast(10).Sum(point => point.Intensity);

    public static Peaks Pick(InputFile file)
    {
        var run = new Run(file.Name, 0, 0, 0, 0);
        var mzml = new Mzml(file.Path);
        var found = new List<Peak>();
        List<Point>[] open = []; // traces, in the order of m/z
        try
        {
            foreach (Spectrum spectrum in mzml.Spectra())
            {
                run = run with { Spectra = run.Spectra + 1 };
                if (spectrum.Level != 1) continue;
                run = run with { Scans = run.Scans + 1, Points = run.Points + spectrum.Mz.Length, Intensity = run.Intensity + spectrum.Intensity.Sum() };
                var traces = Extended(open, [.. Centroids(spectrum, run.Scans).Where(point => point.Intensity >= LeastHeight / 10)]).ToLookup(trace => run.Scans - trace[^1].Scan <= LongestGap);
                found.AddRange(traces[false].SelectMany(PeaksOf));
                open = [.. traces[true].OrderBy(Mz)];
            }
        }
        catch (Exception error) when (error is FormatException or XmlException or InvalidDataException)
        {
            string what = error is InvalidDataException ? "What is compressed here is damaged or cut short." : error.Message;
            throw new InvalidDataException($"{file.Path}{mzml.Place}: {what} Get the file again, or convert it to mzML again: as 32- or 64-bit floats, with zlib or without compression.", error);
        }
        return new Peaks(run, [.. found.Concat(open.SelectMany(PeaksOf)).OrderBy(peak => peak.Mz).ThenBy(peak => peak.Time)]);
    }

    // Of a profile, the local maxima, each with its neighbours if these are so near that they belong to it.
    private static IEnumerable<Point> Centroids(Spectrum spectrum, int scan)
    {
        (double[] mz, double[] y) = (spectrum.Mz, spectrum.Intensity);
        for (int i = 0; i < mz.Length; i++)
        {
            if (spectrum.IsProfile && ((i > 0 && y[i] <= y[i - 1]) || (i + 1 < mz.Length && y[i] < y[i + 1]))) continue;
            bool isWhole = spectrum.IsProfile && i > 0 && i + 1 < mz.Length && mz[i + 1] - mz[i - 1] < mz[i] * 100e-6;
            double center = isWhole ? (mz[i - 1] * y[i - 1] + mz[i] * y[i] + mz[i + 1] * y[i + 1]) / (y[i - 1] + y[i] + y[i + 1]) : mz[i];
            yield return new Point(scan, spectrum.Time, center, y[i]);
        }
    }

    // A trace and a point that are nearest to each other, and near enough, belong together; other points begin traces.
    private static List<List<Point>> Extended(List<Point>[] open, Point[] points)
    {
        double[] masses = Array.ConvertAll(open, Mz);
        double[] found = Array.ConvertAll(points, point => point.Mz);
        var traces = new List<List<Point>>(open);
        for (int i = 0; i < points.Length; i++)
        {
            int nearest = Nearest(masses, found[i]);
            bool isNear = nearest >= 0 && Math.Abs(masses[nearest] - found[i]) <= found[i] * Ppm * 1e-6 && Nearest(found, masses[nearest]) == i;
            if (isNear) open[nearest].Add(points[i]);
            else traces.Add([points[i]]);
        }
        return traces;
    }

    // Where in a sorted array the nearest value is; -1 if it is empty.
    private static int Nearest(double[] sorted, double value)
    {
        int at = Array.BinarySearch(sorted, value);
        int above = at < 0 ? ~at : at;
        return above == sorted.Length || (above > 0 && value - sorted[above - 1] <= sorted[above] - value) ? above - 1 : above;
    }

    // The trace, smoothed, is cut at each valley that is less than half as high as the tops on both sides of it.
    private static IEnumerable<Peak> PeaksOf(List<Point> points)
    {
        double[] smooth = [.. points.Select((_, i) => points.Skip(i - 2).Take(i < 2 ? i + 3 : 5).Average(point => point.Intensity))];
        (int start, int top, int valley) = (0, 0, 0);
        for (int i = 1; i <= smooth.Length; i++)
        {
            bool isOver = i == smooth.Length;
            if (isOver || (smooth[valley] < smooth[top] / 2 && smooth[valley] < smooth[i] / 2))
            {
                int end = isOver ? i : valley + 1;
                if (smooth[top] >= LeastHeight && end - start >= FewestPoints) yield return PeakOf(points[start..end]);
                (start, top, valley) = (valley, i, i);
            }
            if (!isOver && smooth[i] > smooth[top]) (top, valley) = (i, i);
            if (!isOver && smooth[i] < smooth[valley]) valley = i;
        }
    }

    // Its m/z is that of all points, its time that of the higher ones.
    private static Peak PeakOf(List<Point> points)
    {
        double half = points.Max(point => point.Intensity) / 2;
        (double weighted, double sum) = (points.Sum(point => point.Mz * point.Intensity), points.Sum(point => point.Intensity));
        double time = points.Sum(point => point.Intensity < half ? 0 : point.Time * point.Intensity) / points.Sum(point => point.Intensity < half ? 0 : point.Intensity);
        return new Peak(weighted / sum, time, points.Zip(points.Skip(1), (one, next) => (one.Intensity + next.Intensity) / 2 * (next.Time - one.Time)).Sum());
    }
}

/// <summary>How much later peaks are in one run than in another: at some times, and between these in proportion.</summary>
internal sealed record Warp(double[] Times, double[] Shifts)
{
    /// <summary>Through the medians of fifteen neighbours each, so that a few wrong pairs do no harm.</summary>
    public static Warp Through(IEnumerable<(double Time, double Shift)> pairs)
    {
        var pieces = pairs.Order().Chunk(15).Where((piece, i) => i == 0 || piece.Length == 15).ToList();
        return new Warp([.. pieces.Select(piece => Median(piece.Select(pair => pair.Time)))], [.. pieces.Select(piece => Median(piece.Select(pair => pair.Shift)))]);
    }

    public double At(double time)
    {
        if (Times.Length == 0) return 0;
        int after = Array.FindIndex(Times, each => each >= time);
        if (after <= 0) return Shifts[after < 0 ? ^1 : 0];
        return double.Lerp(Shifts[after - 1], Shifts[after], (time - Times[after - 1]) / (Times[after] - Times[after - 1]));
    }

    public static double Median(IEnumerable<double> values) => values.Order().ToArray() is { Length: > 0 } sorted ? sorted[sorted.Length / 2] : 0;
}

/// <summary>Two peaks that may be the same: which they are of those of their runs, how much later the second is, and how unlike they are.</summary>
internal readonly record struct Match(int First, int Second, double Shift, double Distance);

/// <summary>Which peaks of two runs are the same. The peaks themselves are only in the alignment of a run with itself.</summary>
internal sealed record Alignment(Run First, Run Second, Peak[] Peaks, Warp Warp, Match[] Matches)
{
    private const double LongestDrift = 60, LeastTolerance = 2; // seconds
    /// <summary>Aligns two runs. Of the two orders in which they come, one gives nothing.</summary>
    public static Alignment Align(Peaks first, Peaks second)
    {
        var none = new Warp([], []);
        int order = string.CompareOrdinal(first.Run.Name, second.Run.Name);
        if (order >= 0) return new Alignment(first.Run, second.Run, order == 0 ? first.Found : [], none, []);

        // Pairs of which neither has another partner tell how the times are shifted, and how exactly.
        List<Match> near = Near(first.Found, second.Found, LongestDrift, none);
        var (firsts, seconds) = (near.ToLookup(match => match.First), near.ToLookup(match => match.Second));
        List<Match> sure = near.FindAll(match => firsts[match.First].Count() == 1 && seconds[match.Second].Count() == 1);
        var warp = Warp.Through(sure.Select(match => (second.Found[match.Second].Time, match.Shift)));
        double deviation = Warp.Median(sure.Select(match => Math.Abs(match.Shift - warp.At(second.Found[match.Second].Time))));

        // Then two of which each is the most like the other are the same.
        near = Near(first.Found, second.Found, Math.Clamp(6 * deviation, LeastTolerance, LongestDrift), warp);
        HashSet<Match> best = [.. near.GroupBy(match => match.Second).Select(group => group.MinBy(match => match.Distance))];
        return new Alignment(first.Run, second.Run, [], warp, [.. near.GroupBy(match => match.First).Select(group => group.MinBy(match => match.Distance)).Where(best.Contains)]);
    }

    private static List<Match> Near(Peak[] firsts, Peak[] seconds, double tolerance, Warp warp)
    {
        var near = new List<Match>();
        int from = 0; // both are in the order of m/z
        for (int i = 0; i < firsts.Length; i++)
        {
            double reach = firsts[i].Mz * Picker.Ppm * 1e-6;
            while (from < seconds.Length && seconds[from].Mz < firsts[i].Mz - reach) from++;
            for (int j = from; j < seconds.Length && seconds[j].Mz <= firsts[i].Mz + reach; j++)
            {
                double shift = seconds[j].Time - firsts[i].Time;
                (double time, double mass) = ((shift - warp.At(seconds[j].Time)) / tolerance, (seconds[j].Mz - firsts[i].Mz) / reach);
                if (Math.Abs(time) <= 1) near.Add(new Match(i, j, shift, time * time + mass * mass));
            }
        }
        return near;
    }
}

/// <summary>A peak of several runs: its m/z, its time in the first run by name, and its area in each run, 0 where it is not.</summary>
internal sealed record Row(double Mz, double Time, double[] Areas);

/// <summary>The consensus of all runs.</summary>
internal sealed record Table(Run[] Runs, int[] Peaks, Warp[] Warps, Row[] Rows)
{
    public int Least => Math.Min(2, Runs.Length); // in how many runs a peak must be; of a single one all are shown

    /// <summary>Joins peaks that match (union-find), those that are most alike first, and never two of one run.</summary>
    public static Table Tabulate(Alignment[] aligned)
    {
        Alignment[] own = [.. aligned.Where(pair => pair.First == pair.Second)];
        Alignment[] pairs = [.. aligned.Where(pair => string.CompareOrdinal(pair.First.Name, pair.Second.Name) < 0)];
        var groups = own.SelectMany(run => run.Peaks.Select((peak, i) => (run.First.Name, Number: i, Peak: peak)))
            .ToDictionary(peak => (peak.Name, peak.Number), peak => new List<(string Run, int Number, Peak Peak)> { peak });
        foreach ((Alignment pair, Match match) in pairs.SelectMany(pair => pair.Matches, (pair, match) => (pair, match)).OrderBy(each => each.match.Distance))
        {
            var (one, other) = (groups[(pair.First.Name, match.First)], groups[(pair.Second.Name, match.Second)]);
            if (one.Exists(peak => other.Exists(another => another.Run == peak.Run))) continue; // or they are joined already
            one.AddRange(other);
            foreach ((string run, int number, _) in other) groups[(run, number)] = one;
        }

        string first = own.Select(run => run.First.Name).Min(StringComparer.Ordinal)!;
        var warps = pairs.Where(pair => pair.First.Name == first).ToDictionary(pair => pair.Second.Name, pair => pair.Warp);
        var table = new Table([.. own.Select(run => run.First)], [.. own.Select(run => run.Peaks.Length)], [.. pairs.Select(pair => pair.Warp)], []);
        var rows = groups.Values.Distinct().Where(group => group.Count >= table.Least).Select(group => new Row(
            group.Average(peak => peak.Peak.Mz),
            group.Average(peak => peak.Peak.Time - (warps.GetValueOrDefault(peak.Run)?.At(peak.Peak.Time) ?? 0)),
            [.. table.Runs.Select(run => group.Find(peak => peak.Run == run.Name).Peak.Area)]));
        return table with { Rows = [.. rows.OrderBy(row => row.Mz).ThenBy(row => row.Time)] };
    }

    public IEnumerable<string> Lines() =>
        Rows.Select(row => string.Join('\t', [$"{row.Mz:0.00000}", $"{row.Time:0.00}", $"{row.Areas.Count(area => area > 0)}", .. row.Areas.Select(area => $"{area:0}")]))
            .Prepend(string.Join('\t', ["mz", "time", "runs", .. Runs.Select(run => run.Name)]));

    public string Summary() =>
        string.Concat(Runs.Zip(Peaks, (run, peaks) => $"peaks      {peaks,11:N0}  in {run.Name}: {run.Scans:N0} of {run.Spectra:N0} spectra are of level 1, {run.Points:N0} points, intensity {run.Intensity:0.000000e+0}\n"))
        + $"pairs      {Warps.Length,11:N0}  of runs aligned, times up to {Warps.SelectMany(warp => warp.Shifts).Select(Math.Abs).DefaultIfEmpty().Max():0.0} s apart\n"
        + $"consensus  {Rows.Length,11:N0}  rows with peaks of at least {Least} of the runs; {Rows.Count(row => row.Areas.All(area => area > 0)):N0} with peaks of all {Runs.Length:N0}\n";
}

/// <summary>
/// Four runs, made up: four hundred substances, of which each run lacks some and has more or less of others, all at times of
/// its own. The first and third have arrays of 64 bits, the second and third without compression.
/// </summary>
internal sealed class Demo
{
    private const int Scans = 300, Interval = 2; // seconds
    private readonly (double Mz, double Time, double Height, double Width)[] substances;
    private readonly (Random Random, double Shift, double Bend, double MassError, double[] Amounts)[] samples;

    private Demo(int changed)
    {
        var random = new Random(1906);
        substances = [.. Enumerable.Range(0, 400).Select(_ => (150 + 850 * random.NextDouble(), 60 + 480 * random.NextDouble(), 1_000 * Math.Pow(200, random.NextDouble()), 4 + 3 * random.NextDouble()))];
        samples = [.. Enumerable.Range(1, 4).Select(number => new Random(number == changed ? 10 + number : number)).Select(random => (
            random, 40 * random.NextDouble() - 20, 16 * random.NextDouble() - 8, 4 * random.NextDouble() - 2, substances.Select(_ => random.NextDouble() < 0.9 ? Math.Exp(0.3 * Normal(random)) : 0).ToArray()))];
    }

    /// <summary>Makes the runs that are not there as they should be.</summary>
    public static (string[] Files, Demo Demo) Make(string folder, int changed)
    {
        var demo = new Demo(changed);
        string[] files = [.. demo.samples.Select((_, run) => Path.Combine(folder, $"run_{run + 1}.mzML"))];
        for (int run = 0; run < files.Length; run++)
        {
            string text = demo.Mzml(run);
            if (File.Exists(files[run]) && File.ReadAllText(files[run]) == text) continue;
            Console.WriteLine($"made       {files[run]}");
            File.WriteAllText(files[run], text);
        }
        return (files, demo);
    }

    /// <summary>How much of what should be in the table is in it, and what else. Its times are those of the first run.</summary>
    public string Judge(Table table)
    {
        var missing = substances.Where((_, i) => samples.Count(sample => sample.Amounts[i] > 0) >= table.Least).ToList();
        int all = missing.Count;
        int wrong = table.Rows.Count(row =>
            missing.FindIndex(each => Math.Abs(each.Mz - row.Mz) < 10e-6 * row.Mz && Math.Abs(TimeOf(each.Time, 0) - row.Time) < 5) is var found && (found < 0 || !missing.Remove(missing[found])));
        return $"found      {all - missing.Count,11:N0}  of {all:N0} substances that are in {table.Least} runs or more, {100.0 * (all - missing.Count) / all:0.0} %; {wrong:N0} rows are wrong\n";
    }

    private double TimeOf(double time, int run) => time + samples[run].Shift + samples[run].Bend * Math.Sin(2 * Math.PI * time / (Scans * Interval));

    private string Mzml(int run)
    {
        static string Term(string accession, string name, string more = "") => $"<cvParam cvRef=\"MS\" accession=\"{accession}\" name=\"{name}\"{more}/>";
        string kind = (run is 0 or 2 ? Term("MS:1000523", "64-bit float") : Term("MS:1000521", "32-bit float")) + (run is 1 or 2 ? Term("MS:1000576", "no compression") : Term("MS:1000574", "zlib compression"));
        string Coded(IEnumerable<double> values, string term)
        {
            byte[] bytes = [.. values.SelectMany(value => run is 0 or 2 ? BitConverter.GetBytes(value) : BitConverter.GetBytes((float)value))];
            var written = new MemoryStream();
            using (Stream stream = run is 1 or 2 ? written : new ZLibStream(written, CompressionLevel.Fastest)) stream.Write(bytes);
            string base64 = Convert.ToBase64String(written.ToArray());
            return $"<binaryDataArray encodedLength=\"{base64.Length}\"><referenceableParamGroupRef ref=\"kind\"/>{term}<binary>{base64}</binary></binaryDataArray>";
        }
        string Spectrum(int number, (double Mz, double Intensity)[] points) => $"""
            <spectrum index="{number - 1}" id="scan={number}" defaultArrayLength="{points.Length}">{Term("MS:1000511", "ms level", " value=\"1\"")}{Term("MS:1000127", "centroid spectrum")}
            <scanList count="1"><scan>{Term("MS:1000016", "scan start time", $" value=\"{number * Interval / 60.0}\" unitCvRef=\"UO\" unitAccession=\"UO:0000031\"")}</scan></scanList>
            <binaryDataArrayList count="2">{Coded(points.Select(point => point.Mz), Term("MS:1000514", "m/z array"))}{Coded(points.Select(point => point.Intensity), Term("MS:1000515", "intensity array"))}</binaryDataArrayList></spectrum>

            """;
        return $"""
            <?xml version="1.0" encoding="utf-8"?>
            <mzML xmlns="http://psi.hupo.org/ms/mzml" version="1.1.0">
            <referenceableParamGroupList count="1"><referenceableParamGroup id="kind">{kind}</referenceableParamGroup></referenceableParamGroupList>
            <run id="run_{run + 1}"><spectrumList count="{Scans}">
            {string.Concat(Enumerable.Range(1, Scans).Select(number => Spectrum(number, [.. Points(run, number * Interval).Order()])))}</spectrumList></run></mzML>
            """;
    }

    // What comes out of the column at a time, and noise; at first there is nothing.
    private IEnumerable<(double Mz, double Intensity)> Points(int run, double time)
    {
        if (time <= Interval) yield break;
        (Random random, _, _, double massError, double[] amounts) = samples[run];
        for (int i = 0; i < substances.Length; i++)
        {
            double away = (time - TimeOf(substances[i].Time, run)) / substances[i].Width;
            double height = Math.Abs(away) > 4 ? 0 : substances[i].Height * amounts[i] * Math.Exp(-away * away / 2) * (1 + 0.05 * Normal(random));
            if (height > 200) yield return (substances[i].Mz * (1 + (massError + 2 * Normal(random)) * 1e-6), height);
        }
        for (int i = 0; i < 20; i++) yield return (150 + 850 * random.NextDouble(), 100 + 500 * random.NextDouble());
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}

/// <summary>What the program takes from the command line, and how it tells of errors: in a line each, without a stack trace.</summary>
internal static class CommandLine
{
    public static Task<int> RunAsync(string[] args, Func<Job, CancellationToken, Task> run)
    {
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

        Argument<string[]> runs = new("runs") { Description = "The runs, as mzML; without any the program makes its own." };
        Option<string?> folder = new("--out") { Description = "Where the table is written, and its own runs. [default: here, and with its own runs leat-lcms among the temporary files]", HelpName = "folder" };
        Option<string?> cache = new("--cache") { Description = "Where results are kept. [default: cache, beside the table]", HelpName = "folder" };
        Option<bool> noCache = new("--no-cache") { Description = "Keeps no results, and looks for none." };
        Option<string> workers = new("--workers") { Description = "How many calls run at the same time; processes:N for worker processes.", HelpName = "number", DefaultValueFactory = _ => $"{Environment.ProcessorCount}" };
        Option<int> change = new("--change") { Description = "Makes one of its own runs in another way, that of this number.", HelpName = "number" };
        Option<bool> explain = new("--explain") { Description = "Tells of each call that ran why it did." };
        change.AcceptOnlyFromAmong("1", "2", "3", "4");
        var command = new RootCommand("Picks the peaks of LC-MS runs, aligns the runs, and tabulates what they have in common.") { runs, folder, cache, noCache, workers, change, explain };
        command.SetAction(async (given, cancellationToken) =>
        {
            try
            {
                string[] files = given.GetValue(runs) ?? [];
                string output = given.GetValue(folder) ?? (files is [] ? Path.Combine(Path.GetTempPath(), "leat-lcms") : ".");
                string? results = given.GetValue(noCache) ? null : given.GetValue(cache) ?? Path.Join(output, "cache");
                if (!Regex.IsMatch(given.GetRequiredValue(workers), "^((threads|processes):)?[1-9][0-9]{0,2}$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)) throw new IOException("--workers takes a number from 1 to 999, alone or behind threads: or processes:.");
                if (files.FirstOrDefault(file => !File.Exists(file)) is { } missing) throw new IOException($"{missing}: There is no such file.");
                if (files.GroupBy(Path.GetFileName).FirstOrDefault(same => same.Count() > 1) is { } same) throw new IOException($"Two runs are called {same.Key}, and could not be told apart in the table. Rename one.");
                Directory.CreateDirectory(output);
                (files, Demo? demo) = files is [] ? Demo.Make(output, given.GetValue(change)) : (files, null);
                await run(new Job(files, Path.Join(output, "consensus.tsv"), results, given.GetRequiredValue(workers), given.GetValue(explain), demo), cancellationToken);
                return 0;
            }
            catch (Exception error) when (error is LeatException or InvalidDataException or IOException or UnauthorizedAccessException or OperationCanceledException)
            {
                // Of each call that failed, only what was wrong with which file matters here.
                IEnumerable<Exception> causes = error is PipelineException failed ? failed.Failures.OrderBy(failure => failure.Number).Select(failure => failure.Exception) : [error];
                foreach (Exception cause in causes) await Console.Error.WriteLineAsync($"lcms: {cause.Message}");
                return 1;
            }
        });
        return command.Parse(args).InvokeAsync();
    }
}
