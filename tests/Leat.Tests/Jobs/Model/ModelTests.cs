using System.Diagnostics;
using System.Globalization;

namespace Leat.Tests.Jobs.Model;

/// <summary>Random graphs, edits and runs do what a naive oracle says.</summary>
/// <remarks>
/// <c>LEAT_REPEAT=10000</c> plays as many sequences. The seed of one that fails is in the message: <c>LEAT_MODEL_SEED=17</c> plays that one alone, and
/// <c>LEAT_MODEL_FROM=100000</c> begins with other seeds.
/// </remarks>
public sealed class ModelTests(ITestOutputHelper output)
{
    private const int MostFaults = 5;

    [Fact(Timeout = 7_200_000)]
    public async Task Everything_runs_that_must_and_nothing_else()
    {
        if (Number("LEAT_MODEL_SEED") is { } only)
        {
            if (await FaultOfAsync(only) is { } known) Assert.Fail(known);
            return;
        }

        long began = Stopwatch.GetTimestamp();
        int first = Number("LEAT_MODEL_FROM") ?? 0, count = Repeat.Times(600);
        List<string> faults = [];
        for (int seed = first; seed < first + count && faults.Count < MostFaults; seed++)
        {
            if (await FaultOfAsync(seed) is { } fault) faults.Add(fault);
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} sequences from seed {first}, {Player.Played.Runs} runs, {Player.Played.Jobs} jobs ran, in {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s"));
        if (faults.Count > 0) Assert.Fail(string.Join("\n====\n", faults));
    }

    private static async Task<string?> FaultOfAsync(int seed)
    {
        ModelProgram program = RandomPrograms.Make(seed);
        if (await Player.FaultOfAsync(program) is not { } fault) return null;
        (ModelProgram small, string left) = await Shrinker.ShrinkAsync(program, fault);
        return $"{fault}\n\n{program}\nmade smaller, {left}\n\n{small}";
    }

    private static int? Number(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
