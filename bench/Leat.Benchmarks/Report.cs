using System.Globalization;
using System.Text.Json;

namespace Leat.Benchmarks;

/// <summary>Prints results as a table, and as one JSON object a line.</summary>
internal sealed class Report(TextWriter table, TextWriter? json)
{
    private static readonly JsonSerializerOptions Camel = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    private bool started;

    public int MissedBudgets { get; private set; }

    public void Add(Result result)
    {
        if (!started)
        {
            started = true;
            table.WriteLine("| case | unit | Leat | peer | | ratio | budget |");
            table.WriteLine("|---|---|---:|---:|---|---:|---|");
        }

        string budget = "";
        if (result.LeastRatio is { } least)
        {
            bool met = result.Ratio >= least;
            MissedBudgets += met ? 0 : 1;
            budget = string.Create(CultureInfo.InvariantCulture, $"{least:0.##} {(met ? "met" : "MISSED")}");
        }

        table.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {result.Case} | {result.Unit} | {result.Leat:G4} | {result.Peer:G4} | {result.PeerName} | {result.Ratio:0.00} | {budget} |"));
        table.Flush();
        json?.WriteLine(JsonSerializer.Serialize(
            new { result.Suite, result.Case, result.Leat, result.Peer, result.PeerName, result.Unit, result.HigherIsBetter, result.Ratio },
            Camel));
        json?.Flush();
    }
}
