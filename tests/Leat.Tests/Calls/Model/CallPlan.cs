using System.Globalization;

namespace Leat.Tests.Calls.Model;

/// <summary>What a step of a plan does with those before it.</summary>
public enum StepKind
{
    List,
    Source,
    Apply,
    Join,
    Zip,
    Reduce,
    Gather,
    Flatten,
}

/// <summary>How a function takes its time.</summary>
public enum Pace
{
    Direct,
    Yielding,
    Delayed,
}

/// <summary>One step.</summary>
/// <param name="Inputs">Earlier steps.</param>
/// <param name="Seed">Makes its values, and says on which arguments it fails.</param>
public sealed record CallStep(StepKind Kind, IReadOnlyList<int> Inputs, int Seed, int Length, Pace Pace, bool Fails)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Kind}({string.Join(",", Inputs)}) seed {Seed} length {Length} {Pace}{(Fails ? " fails" : "")}");
}

/// <summary>Nested calls, at random: the last step is the result.</summary>
public sealed record CallPlan(int Seed, IReadOnlyList<CallStep> Steps)
{
    private const int LongestList = 400;

    public static CallPlan Random(int seed)
    {
        var random = new Random(seed);
        List<CallStep> steps = [];
        List<int> lengths = [];
        int count = random.Next(1, 14);
        while (steps.Count < count)
        {
            var kind = (StepKind)(steps.Count == 0 ? random.Next(2) : random.Next(8));
            int Earlier() => Math.Max(0, steps.Count - 1 - random.Next(Math.Min(steps.Count, 4)));
            int[] inputs = kind switch
            {
                StepKind.List or StepKind.Source => [],
                StepKind.Join => [.. Enumerable.Range(0, random.Next(2, 4)).Select(_ => Earlier())],
                StepKind.Zip => Twins(Earlier(), lengths, random),
                _ => [Earlier()],
            };
            var step = new CallStep(kind, inputs, random.Next(1000), random.Next(6), (Pace)random.Next(3), random.Next(4) == 0);
            int length = Prediction.Of([.. steps, step])[^1].Count;
            if (length > LongestList) continue;
            steps.Add(step);
            lengths.Add(length);
        }

        return new CallPlan(seed, [.. steps]);
    }

    public override string ToString() => $"plan {Seed}:\n  {string.Join("\n  ", Steps.Select((step, i) => $"{i}: {step}"))}";

    // Equally long, mostly.
    private static int[] Twins(int first, List<int> lengths, Random random)
    {
        int[] same = [.. Enumerable.Range(0, lengths.Count).Where(i => lengths[i] == lengths[first] || random.Next(20) == 0)];
        return [first, same[random.Next(same.Length)]];
    }
}
