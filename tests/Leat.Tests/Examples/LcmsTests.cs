using System.Globalization;
using System.IO.Compression;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Leat.Tests.Examples;

/// <summary>The example of LC-MS runs, on what it makes itself, on what is written here, and on a real run.</summary>
public sealed partial class LcmsTests : IDisposable
{
    private const int Longest = 120_000;

    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    private async Task<string> OutputAsync(params string[] arguments)
    {
        DotnetRun run = await ExampleProgram.RunAsync("lcms", directory.Path, arguments);
        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Empty(run.Errors);
        return run.Output.ReplaceLineEndings("\n");
    }

    private Task<string> TableAsync(string folder) => File.ReadAllTextAsync(directory[$"{folder}/consensus.tsv"], TestContext.Current.CancellationToken);

    // How many calls of each function ran or were in the cache, in the order in which it tells them.
    private static string Calls(string output) =>
        string.Join(", ", CallsLine().Matches(output).Select(line => $"{line.Groups["call"]} {line.Groups["count"]} {line.Groups["origin"]}"));

    [GeneratedRegex(@"^(?<call>Pick|Align|Tabulate) +(?<count>\d+)  (?<origin>ran|from the cache)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CallsLine();

    [GeneratedRegex(@"(?<=^time +)\d+\.\d\d", RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Time();

    [Fact(Timeout = Longest)]
    public async Task Its_own_runs_are_made_and_only_what_has_changed_runs_again()
    {
        string first = await OutputAsync("--out", "demo");
        Approved.Text(Time().Replace(first, "0.00"));
        Assert.Equal("Pick 4 ran, Align 16 ran, Tabulate 1 ran", Calls(first));
        string table = await TableAsync("demo");
        Assert.Equal("mz\ttime\truns\trun_1.mzML\trun_2.mzML\trun_3.mzML\trun_4.mzML", table.Split('\n')[0]);

        string second = await OutputAsync("--out", "demo");
        Assert.Equal("Pick 4 from the cache, Align 16 from the cache, Tabulate 1 from the cache", Calls(second));
        Assert.DoesNotContain("made", second, StringComparison.Ordinal);
        Assert.Equal(table, await TableAsync("demo"));

        // The pairs of one run of four are 7 of 16: with the three others in both orders, and with itself.
        string changed = await OutputAsync("--out", "demo", "--change", "2", "--explain");
        Assert.Equal("Pick 1 ran, Pick 3 from the cache, Align 7 ran, Align 9 from the cache, Tabulate 1 ran", Calls(changed));
        Assert.StartsWith("made       demo/run_2.mzML\npeaks", changed.Replace('\\', '/'), StringComparison.Ordinal);
        Assert.Contains("\n  Pick #1(", changed, StringComparison.Ordinal);
        Assert.NotEqual(table, await TableAsync("demo"));

        string back = await OutputAsync("--out", "demo", "--workers", "processes:2");
        Assert.Equal("Pick 4 from the cache, Align 16 from the cache, Tabulate 1 from the cache", Calls(back));
        Assert.Equal(table, await TableAsync("demo"));
    }

    [Fact(Timeout = Longest)]
    public async Task The_workers_change_nothing()
    {
        List<string> tables = [];
        foreach (string workers in (string[])["1", "threads:4", "processes:2"])
        {
            Assert.Equal("Pick 4 ran, Align 16 ran, Tabulate 1 ran", Calls(await OutputAsync("--out", "demo", "--no-cache", "--workers", workers)));
            tables.Add(await TableAsync("demo"));
        }
        Assert.All(tables, table => Assert.Equal(tables[0], table));
        Assert.False(Directory.Exists(directory["demo/cache"]));
    }

    [Fact(Timeout = Longest)]
    public async Task Runs_that_are_written_in_different_ways_are_read_as_the_same()
    {
        string kind = MzmlText.Term("MS:1000521", "32-bit float") + MzmlText.Term("MS:1000576", "no compression");
        string group = $"<referenceableParamGroupList count=\"1\"><referenceableParamGroup id=\"kind\">{kind}</referenceableParamGroup></referenceableParamGroupList>";
        directory.Write("a.mzML", new MzmlText().AddPeaks(200, 300.5).ToString());
        directory.Write("b.mzML", new MzmlText { Kind = kind, IsWide = false, IsZipped = false, InSeconds = true }.AddPeaks(200, 300.5).ToString());
        directory.Write("c.mzML", new MzmlText { Groups = group, Kind = "<referenceableParamGroupRef ref=\"kind\"/>", IsWide = false, IsZipped = false, IsIndexed = true }.AddPeaks(200, 300.5).ToString());
        await File.WriteAllBytesAsync(directory["d.mzML.gz"], MzmlText.Zip(new MzmlText().AddPeaks(200, 300.5).ToString()), TestContext.Current.CancellationToken);
        directory.Write("e.mzML", Profile().ToString());

        await OutputAsync("a.mzML", "b.mzML", "c.mzML", "d.mzML.gz", "e.mzML", "--no-cache");
        string[] table = [.. (await TableAsync(".")).TrimEnd('\n').Split('\n')];
        Assert.Equal("mz\ttime\truns\ta.mzML\tb.mzML\tc.mzML\td.mzML.gz\te.mzML", table[0]);
        Assert.Equal(2, table.Length - 1);
        Assert.StartsWith("200.00000\t15.00\t5\t", table[1], StringComparison.Ordinal);
        Assert.StartsWith("300.50000\t15.00\t5\t", table[2], StringComparison.Ordinal);

        // The area of a Gaussian that is 10,000 high, with a standard deviation of 4 s.
        double[] areas = [.. table.Skip(1).SelectMany(row => row.Split('\t')[3..]).Select(area => double.Parse(area, CultureInfo.InvariantCulture))];
        Assert.All(areas, area => Assert.InRange(area, 99_000, 101_000));
    }

    // Each point of a spectrum as a Gaussian of nine points, 0.5 thousandths of a unit apart.
    private static MzmlText Profile()
    {
        var text = new MzmlText { Terms = MzmlText.Term("MS:1000511", "ms level", "1") + MzmlText.Term("MS:1000128", "profile spectrum") };
        for (int second = 0; second < 30; second++)
        {
            double height = 10_000 * Math.Exp(-Math.Pow((second - 15) / 4.0, 2) / 2);
            text.Add(second, [.. from mz in (double[])[200, 300.5] from i in Enumerable.Range(-4, 9) select (mz + (i * 0.0005), Math.Abs(i) == 4 ? 0 : height * Math.Exp(-i * i / 4.0))]);
        }
        return text;
    }

    [Fact(Timeout = Longest)]
    public async Task Spectra_that_are_empty_or_of_another_level_give_no_peaks()
    {
        string second = MzmlText.Term("MS:1000511", "ms level", "2");
        var some = new MzmlText();
        some.Add(0).AddPeaks(250).Add(40, second, (100, 1e6)).Add(41, second, (100, 1e6)).Add(42);
        directory.Write("some.mzML", some.ToString());
        directory.Write("none.mzML", new MzmlText { Terms = second }.AddPeaks(250).ToString());
        directory.Write("empty.mzML", new MzmlText().ToString());

        string output = await OutputAsync("some.mzML", "none.mzML", "empty.mzML", "--cache", "kept");
        Assert.Contains("peaks                1  in some.mzML: 32 of 34 spectra are of level 1, 30 points,", output, StringComparison.Ordinal);
        Assert.Contains("peaks                0  in none.mzML: 0 of 30 spectra are of level 1, 0 points,", output, StringComparison.Ordinal);
        Assert.Contains("peaks                0  in empty.mzML: 0 of 0 spectra are of level 1, 0 points,", output, StringComparison.Ordinal);
        Assert.True(Directory.Exists(directory["kept"]));

        // A comment more, and the peaks are the same: so nothing else runs. Nor does it when a run moves.
        directory.Write("moved/some.mzML", some + "<!-- the same -->");
        directory.Write("moved/none.mzML", await File.ReadAllTextAsync(directory["none.mzML"], TestContext.Current.CancellationToken));
        Assert.Equal(
            "Pick 1 ran, Pick 2 from the cache, Align 9 from the cache, Tabulate 1 from the cache",
            Calls(await OutputAsync("moved/some.mzML", "moved/none.mzML", "empty.mzML", "--cache", "kept")));
    }

    [Fact(Timeout = Longest)]
    public async Task A_real_run_has_as_many_spectra_and_as_much_intensity_as_another_reader_finds()
    {
        string file = Require.SharedData("example.mzML.gz");
        string output = await OutputAsync(file);

        XDocument document;
        await using (var stream = new GZipStream(File.OpenRead(file), CompressionMode.Decompress)) document = await XDocument.LoadAsync(stream, LoadOptions.None, TestContext.Current.CancellationToken);
        XNamespace space = "http://psi.hupo.org/ms/mzml";
        XElement[] spectra = [.. document.Descendants(space + "spectrum")];
        double[][] intensities = [.. spectra.Select(spectrum => Values(spectrum.Descendants(space + "binaryDataArray").Single(array => Has(array, "MS:1000515"))))];
        Assert.All(spectra, spectrum => Assert.Equal("1", spectrum.Elements(space + "cvParam").Single(term => term.Attribute("accession")!.Value == "MS:1000511").Attribute("value")!.Value));
        Assert.Contains(
            string.Create(CultureInfo.InvariantCulture, $"in example.mzML.gz: {spectra.Length} of {spectra.Length} spectra are of level 1, {intensities.Sum(each => each.Length):N0} points, intensity {intensities.Sum(each => each.Sum()):0.000000e+0}\n"),
            output, StringComparison.Ordinal);

        // The base peak of a spectrum as the file tells it is in the table, as it is there in all of the few spectra.
        double basePeak = double.Parse(Value(spectra[0], "MS:1000504"), CultureInfo.InvariantCulture);
        string[] rows = (await TableAsync(".")).TrimEnd('\n').Split('\n')[1..];
        Assert.Contains(rows, row => Math.Abs(double.Parse(row.Split('\t')[0], CultureInfo.InvariantCulture) - basePeak) < 10e-6 * basePeak);

        static bool Has(XElement element, string accession) => element.Elements().Any(term => term.Attribute("accession")?.Value == accession);
        static string Value(XElement element, string accession) => element.Elements().Single(term => term.Attribute("accession")?.Value == accession).Attribute("value")!.Value;
        static double[] Values(XElement array)
        {
            using var zip = new ZLibStream(new MemoryStream(Convert.FromBase64String(array.Elements().Last().Value)), CompressionMode.Decompress);
            using var bytes = new MemoryStream();
            zip.CopyTo(bytes);
            double[] values = new double[bytes.Length / sizeof(double)];
            Buffer.BlockCopy(bytes.ToArray(), 0, values, 0, (int)bytes.Length);
            return values;
        }
    }
}
