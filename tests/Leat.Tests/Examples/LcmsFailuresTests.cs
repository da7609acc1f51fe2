using System.Globalization;

namespace Leat.Tests.Examples;

/// <summary>What the example of LC-MS runs says of broken files; the table of an earlier run must stay as it was.</summary>
public sealed class LcmsFailuresTests : IDisposable
{
    private const int Longest = 120_000;
    private const string Before = "the table of an earlier run\n";
    private const string Again = " Get the file again, or convert it to mzML again: as 32- or 64-bit floats, with zlib or without compression.";

    private readonly TemporaryDirectory directory = new();

    public LcmsFailuresTests() => directory.Write("consensus.tsv", Before);

    public void Dispose() => directory.Dispose();

    // What it says, a line for each broken file in the order in which they were given.
    private async Task<string[]> ErrorsAsync(params string[] arguments)
    {
        DotnetRun run = await ExampleProgram.RunAsync("lcms", directory.Path, arguments);
        Assert.Equal(1, run.ExitCode);
        Assert.Empty(run.Output);
        Assert.Equal(Before, await File.ReadAllTextAsync(directory["consensus.tsv"], TestContext.Current.CancellationToken));
        return run.Errors.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
    }

    // A file for each, all read by one run of the program, and what it says of each.
    private async Task<string[]> ErrorsOfAsync(params byte[][] files)
    {
        string[] names = [.. files.Select((_, i) => string.Create(CultureInfo.InvariantCulture, $"{(char)('a' + i)}.mzML"))];
        foreach ((string name, byte[] bytes) in names.Zip(files)) await File.WriteAllBytesAsync(directory[name], bytes, TestContext.Current.CancellationToken);
        string[] errors = await ErrorsAsync([.. names, "--no-cache"]);
        Assert.Equal(files.Length, errors.Length);
        Assert.All(errors, error => Assert.EndsWith(Again, error, StringComparison.Ordinal));
        return [.. errors.Select((error, i) => error[..^Again.Length])];
    }

    private static byte[] Bytes(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    private static byte[] Changed(string from, string to)
    {
        string text = new MzmlText { IsZipped = false, Kind = MzmlText.Term("MS:1000523", "64-bit float") + MzmlText.Term("MS:1000576", "no compression") }.AddPeaks(200).ToString();
        Assert.Contains(from, text, StringComparison.Ordinal);
        return Bytes(text.Replace(from, to, StringComparison.Ordinal));
    }

    [Fact(Timeout = Longest)]
    public async Task What_is_no_mzML_or_cut_short_is_told()
    {
        string whole = new MzmlText().AddPeaks(200).ToString();
        byte[] zipped = MzmlText.Zip(whole);
        string[] errors = await ErrorsOfAsync(
            Bytes(""), Bytes("@read\nACGT\n"), Bytes("<html><body/></html>"), Bytes(whole[..(whole.Length / 2)]), zipped[..(zipped.Length / 2)], Bytes("<mzML><!DOCTYPE a []></mzML>"));
        Assert.StartsWith("lcms: a.mzML: Root element is missing.", errors[0], StringComparison.Ordinal);
        Assert.StartsWith("lcms: b.mzML: Data at the root level is invalid.", errors[1], StringComparison.Ordinal);
        Assert.Equal("lcms: c.mzML: This is no mzML, as it starts with <html>.", errors[2]);
        Assert.Matches(@"^lcms: d\.mzML, spectrum 'scan=1\d': (Unexpected end of file|There is an unclosed)", errors[3]);
        Assert.Matches(@"^lcms: e\.mzML, spectrum 'scan=\d+': (Unexpected end of file|There is an unclosed|What is compressed here is damaged)", errors[4]);
        Assert.StartsWith("lcms: f.mzML: Unexpected DTD declaration.", errors[5], StringComparison.Ordinal);
    }

    [Fact(Timeout = Longest)]
    public async Task An_array_that_cannot_be_read_is_told_with_its_spectrum()
    {
        var values = new MzmlText { IsZipped = false, Kind = MzmlText.Term("MS:1000523", "64-bit float") + MzmlText.Term("MS:1000576", "no compression") };
        string[] errors = await ErrorsOfAsync(
            Changed("<binary>", "<binary>*"),
            Changed("no compression", "no compression\"/><cvParam accession=\"MS:1000574\" name=\"zlib compression"),
            Changed("defaultArrayLength=\"1\"", "defaultArrayLength=\"2\""),
            Changed("defaultArrayLength=\"1\"", "defaultArrayLength=\"-1\""),
            Changed("accession=\"MS:1000576\" name=\"no compression\"", "accession=\"MS:1002312\" name=\"MS-Numpress linear prediction compression\""),
            Changed("accession=\"MS:1000523\" name=\"64-bit float\"", "accession=\"MS:1000522\" name=\"64-bit integer\""),
            Changed("MS:1000515", "MS:1000517"),
            Bytes(values.Add(0).Add(1, (200, double.NaN)).ToString()));
        Assert.StartsWith("lcms: a.mzML, spectrum 'scan=1', m/z array: The input is not a valid Base-64 string", errors[0], StringComparison.Ordinal);
        Assert.Equal("lcms: b.mzML, spectrum 'scan=1', m/z array: What is compressed here is damaged or cut short.", errors[1]);
        Assert.Equal("lcms: c.mzML, spectrum 'scan=1', m/z array: It has fewer than 2 values of 8 bytes.", errors[2]);
        Assert.Equal("lcms: d.mzML, spectrum 'scan=1': Its defaultArrayLength is '-1', and that is no such number.", errors[3]);
        Assert.Equal("lcms: e.mzML, spectrum 'scan=1', m/z array: It is compressed in an unknown way (64-bit float, MS-Numpress linear prediction compression, m/z array).", errors[4]);
        Assert.Equal("lcms: f.mzML, spectrum 'scan=1', m/z array: It is not of 32- or 64-bit floats (64-bit integer, no compression, m/z array).", errors[5]);
        Assert.Equal("lcms: g.mzML, spectrum 'scan=1': It has no intensity array.", errors[6]);
        Assert.Equal("lcms: h.mzML, spectrum 'scan=2', intensity array: It has values that are negative or no numbers.", errors[7]);
    }

    [Fact(Timeout = Longest)]
    public async Task A_spectrum_without_a_proper_time_is_told()
    {
        string[] errors = await ErrorsOfAsync(
            Changed("MS:1000016", "MS:1000017"),
            Changed("UO:0000031", "UO:0000028"),
            Changed("scan start time\" value=\"0\"", "scan start time\" value=\"soon\""),
            Bytes(new MzmlText().Add(5).Add(4).ToString()),
            Changed("ms level\" value=\"1\"", "ms level\" value=\"one\""),
            Bytes(new MzmlText { Kind = "<referenceableParamGroupRef ref=\"floats\"/>" }.Add(0, (200, 1)).ToString()),
            Changed("scan=1\" defaultArrayLength=\"1\"", "scan=1\""));
        Assert.Equal("lcms: a.mzML, spectrum 'scan=1': It does not tell its scan start time.", errors[0]);
        Assert.Equal("lcms: b.mzML, spectrum 'scan=1': Its scan start time is in 'UO:0000028', neither in seconds (UO:0000010) nor in minutes (UO:0000031).", errors[1]);
        Assert.Equal("lcms: c.mzML, spectrum 'scan=1': Its scan start time is 'soon', and that is no such number.", errors[2]);
        Assert.Equal("lcms: d.mzML, spectrum 'scan=2': It is earlier than the one before it.", errors[3]);
        Assert.Equal("lcms: e.mzML, spectrum 'scan=1': Its ms level is 'one', and that is no such number.", errors[4]);
        Assert.Equal("lcms: f.mzML, spectrum 'scan=1': It refers to the group of terms 'floats', which is not there.", errors[5]);
        Assert.Equal("lcms: g.mzML, spectrum 'scan=1': It does not tell its defaultArrayLength.", errors[6]);
    }

    [Fact(Timeout = Longest)]
    public async Task A_worker_process_tells_the_same_and_what_was_picked_is_kept()
    {
        directory.Write("good.mzML", new MzmlText().AddPeaks(200).ToString());
        directory.Write("bad.mzML", "<html/>");
        Assert.Equal(["lcms: bad.mzML: This is no mzML, as it starts with <html>." + Again], await ErrorsAsync("bad.mzML", "good.mzML", "--workers", "processes:2"));

        directory.Write("bad.mzML", new MzmlText().AddPeaks(200).ToString());
        DotnetRun run = await ExampleProgram.RunAsync("lcms", directory.Path, "bad.mzML", "good.mzML");
        Assert.Equal(0, run.ExitCode);
        Assert.Matches(@"\nPick +1  ran\r?\nPick +1  from the cache\r?\n", run.Output);
    }

    [Fact(Timeout = Longest)]
    public async Task A_missing_file_and_two_of_one_name_are_told()
    {
        directory.Write("a.mzML", new MzmlText().ToString());
        directory.Write("b/a.mzML", new MzmlText().ToString());
        Assert.Equal(["lcms: c.mzML: There is no such file."], await ErrorsAsync("a.mzML", "c.mzML"));
        Assert.Equal(["lcms: Two runs are called a.mzML, and could not be told apart in the table. Rename one."], await ErrorsAsync("a.mzML", "b/a.mzML"));
        Assert.Equal(["lcms: --workers takes a number from 1 to 999, alone or behind threads: or processes:."], await ErrorsAsync("a.mzML", "--workers", "processes:0"));
    }
}
