using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Leat.Tests.Examples;

/// <summary>A run as mzML, spectrum by spectrum, in whatever way a test wants it written.</summary>
internal sealed class MzmlText
{
    private readonly StringBuilder spectra = new();
    private int count;

    /// <summary>What stands around each array's own terms: what its numbers are, and how they are compressed.</summary>
    public string Kind { get; init; } = Term("MS:1000523", "64-bit float") + Term("MS:1000574", "zlib compression");

    /// <summary>The terms that a spectrum has.</summary>
    public string Terms { get; init; } = Term("MS:1000511", "ms level", "1") + Term("MS:1000127", "centroid spectrum");

    /// <summary>What stands above the run.</summary>
    public string Groups { get; init; } = "";

    public bool IsWide { get; init; } = true;

    public bool IsZipped { get; init; } = true;

    public bool IsIndexed { get; init; }

    public bool InSeconds { get; init; }

    public static string Term(string accession, string name, string value = "", string unit = "") =>
        $"""<cvParam cvRef="MS" accession="{accession}" name="{name}" value="{value}" unitAccession="{unit}"/>""";

    public static byte[] Zip(string text)
    {
        using var zipped = new MemoryStream();
        using (var stream = new GZipStream(zipped, CompressionLevel.Optimal)) stream.Write(System.Text.Encoding.UTF8.GetBytes(text));
        return zipped.ToArray();
    }

    public MzmlText Add(double seconds, params (double Mz, double Intensity)[] points) => Add(seconds, Terms, points);

    public MzmlText Add(double seconds, string terms, params (double Mz, double Intensity)[] points)
    {
        string time = InSeconds
            ? Term("MS:1000016", "scan start time", seconds.ToString(CultureInfo.InvariantCulture), "UO:0000010")
            : Term("MS:1000016", "scan start time", (seconds / 60).ToString(CultureInfo.InvariantCulture), "UO:0000031");
        spectra.Append(CultureInfo.InvariantCulture, $"""
            <spectrum index="{count}" id="scan={++count}" defaultArrayLength="{points.Length}">{terms}
            <scanList count="1"><scan>{time}</scan></scanList>
            <binaryDataArrayList count="2">{Coded(points.Select(point => point.Mz), Term("MS:1000514", "m/z array"))}
            {Coded(points.Select(point => point.Intensity), Term("MS:1000515", "intensity array"))}</binaryDataArrayList></spectrum>

            """);
        return this;
    }

    /// <summary>One peak after the other, each a second wide and twenty high points long, at 100 m/z for each.</summary>
    public MzmlText AddPeaks(params double[] masses)
    {
        for (int second = 0; second < 30; second++)
        {
            double away = (second - 15) / 4.0;
            Add(second, [.. masses.Order().Select(mz => (mz, 10_000 * Math.Exp(-away * away / 2)))]);
        }
        return this;
    }

    public override string ToString()
    {
        string run = $"""
            <mzML xmlns="http://psi.hupo.org/ms/mzml">{Groups}<run id="run"><spectrumList count="{count}">
            {spectra}</spectrumList>
            <chromatogramList count="1"><chromatogram index="0" id="TIC" defaultArrayLength="1"><binaryDataArrayList count="1"><binaryDataArray>
            {Term("MS:1000595", "time array")}<binary>not read</binary></binaryDataArray></binaryDataArrayList></chromatogram></chromatogramList></run></mzML>

            """;
        return "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n" + (IsIndexed ? $"<indexedmzML xmlns=\"http://psi.hupo.org/ms/mzml\">{run}<indexList count=\"0\"/></indexedmzML>" : run);
    }

    private string Coded(IEnumerable<double> values, string term)
    {
        byte[] bytes = [.. values.SelectMany(value => IsWide ? BitConverter.GetBytes(value) : BitConverter.GetBytes((float)value))];
        using var written = new MemoryStream();
        using (Stream stream = IsZipped ? new ZLibStream(written, CompressionLevel.Optimal, leaveOpen: true) : Stream.Null) stream.Write(bytes);
        string base64 = Convert.ToBase64String(IsZipped ? written.ToArray() : bytes);
        return $"<binaryDataArray encodedLength=\"{base64.Length}\">{Kind}{term}<binary>{base64}</binary></binaryDataArray>";
    }
}
