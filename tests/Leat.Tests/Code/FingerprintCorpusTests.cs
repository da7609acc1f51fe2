using Leat.Encoding;
using Microsoft.CodeAnalysis;

namespace Leat.Tests.Code;

public sealed class FingerprintCorpusTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(OptimizationLevel.Debug)]
    [InlineData(OptimizationLevel.Release)]
    public void Code_counts_as_changed_when_it_is_changed(OptimizationLevel level)
    {
        List<string> faults = [];

        // Optimised, every fourth will do for the usual run: CI, where CI is set, and LEAT_REPEAT go through all.
        bool isThorough = level == OptimizationLevel.Debug || Repeat.Times(1) > 1 || Environment.GetEnvironmentVariable("CI") is not null;
        foreach (CodePair pair in SamePairs.All.Concat(DifferentPairs.All).Where((_, i) => isThorough || i % 4 == 0))
        {
            string result = Result(pair, level);
            string expected = pair.IsSame ? "same" : "different";
            output.WriteLine($"{level,-8}{pair.Name,-50}{expected,-10} {(result == expected ? "" : result)}");
            if (result != expected) faults.Add($"{pair.Name}: {result}, and should be {expected}");
        }
        Faults.None(faults);
    }

    private static string Result(CodePair pair, OptimizationLevel level)
    {
        try
        {
            Digest one = pair.One.Fingerprint(level), other = pair.Other.Fingerprint(level);
            if (one != pair.One.Fingerprint(level, fromFiles: true)) return "from its file another than from memory";
            return one == other ? "same" : "different";
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            return error.ToString();
        }
    }
}
