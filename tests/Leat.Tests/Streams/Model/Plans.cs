using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;

namespace Leat.Tests.Streams.Model;

/// <summary>Random plans, and simpler ones for one that fails.</summary>
internal static class Plans
{
    private const int MostItems = 3_000;

    private static readonly int?[] Capacities = [null, null, 1, 2, 30];
    private static readonly int?[] Batches = [null, null, 1, 7];

    public static Arbitrary<Plan> Any { get; } = Arb.From(
        Gen.Sized(size => Gen.Choose(0, int.MaxValue).Select(seed => Random(new Random(seed), size))),
        Simpler);

    public static Plan Random(Random random, int size)
    {
        int length = 2 + random.Next(2 + (size / 8));
        ImmutableArray<Step>.Builder steps = ImmutableArray.CreateBuilder<Step>();
        List<Prediction> predictions = [];
        while (steps.Count < length)
        {
            Step step = steps.Count == 0 || random.Next(8) == 0 ? RandomSource(random, size) : RandomStep(random, steps.Count);
            Prediction[] inputs = [.. step.Inputs.Select(input => predictions[input])];
            if (Prediction.NeedsOrder(step.Operation) && !inputs.All(input => input.IsOrdered)) continue;
            Prediction prediction = Prediction.Of(step, inputs);
            if (prediction.Items.Count > MostItems) continue;
            steps.Add(step);
            predictions.Add(prediction);
        }
        return new Plan(steps.ToImmutable());
    }

    /// <summary>Fewer steps first, then fewer items, then plainer options.</summary>
    public static IEnumerable<Plan> Simpler(Plan plan)
    {
        for (int i = plan.Steps.Length - 1; i > 0; i--)
        {
            if (Without(plan, i) is { } shorter) yield return shorter;
        }
        for (int i = 0; i < plan.Steps.Length; i++)
        {
            Step step = plan.Steps[i];
            if (step is { Operation: Operation.Source, Argument: > 0 })
            {
                yield return With(plan, i, step with { Argument = step.Argument / 2 });
                yield return With(plan, i, step with { Argument = step.Argument - 1 });
            }
            foreach (Settings settings in Simpler(step.Settings)) yield return With(plan, i, step with { Settings = settings });
        }
    }

    private static IEnumerable<Settings> Simpler(Settings settings)
    {
        if (settings.Form != Form.Sync) yield return settings with { Form = Form.Sync };
        if (settings.Workers > 1) yield return settings with { Workers = settings.Workers / 2 };
        if (settings.Capacity is not null) yield return settings with { Capacity = null };
        if (settings.Batch is not null) yield return settings with { Batch = null };
    }

    private static Plan With(Plan plan, int index, Step step) => new(plan.Steps.SetItem(index, step));

    // Whoever used the step uses its first input instead; null where that makes no sense.
    private static Plan? Without(Plan plan, int index)
    {
        Step gone = plan.Steps[index];
        int instead = gone.Inputs.Length > 0 ? gone.Inputs[0] : 0;
        int Moved(int input) => input == index ? instead : input > index ? input - 1 : input;
        ImmutableArray<Step> steps = [.. plan.Steps.RemoveAt(index).Select(step => step with { Inputs = [.. step.Inputs.Select(Moved)] })];
        bool valid = !steps.Where((step, i) => step.Inputs.Any(input => input >= i)).Any();
        return valid && KeepsOrder(steps) ? new Plan(steps) : null;
    }

    private static bool KeepsOrder(ImmutableArray<Step> steps)
    {
        IReadOnlyList<Prediction> all = Prediction.Of(new Plan(steps));
        return steps.All(step => !Prediction.NeedsOrder(step.Operation) || step.Inputs.All(input => all[input].IsOrdered));
    }

    private static Step RandomSource(Random random, int size) =>
        new(Operation.Source, random.Next(4) == 0 ? random.Next(4) : random.Next(10 * (size + 1)), Settings.Plain with { Form = (Form)random.Next(6) }, []);

    private static Step RandomStep(Random random, int earlier)
    {
        var operation = (Operation)random.Next(1, (int)Operation.Concat + 1);
        int inputs = operation switch
        {
            Operation.Zip => 2,
            Operation.Merge or Operation.Concat => random.Next(1, 4),
            _ => 1,
        };
        return new Step(operation, random.Next(12), RandomSettings(random, operation), [.. Enumerable.Range(0, inputs).Select(_ => RandomInput(random, earlier))]);
    }

    // Mostly the step before, so that chains grow; else any, so that tees do.
    private static int RandomInput(Random random, int earlier) => random.Next(3) > 0 ? earlier - 1 : random.Next(earlier);

    private static Settings RandomSettings(Random random, Operation operation)
    {
        bool several = operation is Operation.Map or Operation.Filter or Operation.FlatMap or Operation.Tap or Operation.OfAsync or Operation.OfSync or Operation.ScatterGather;
        return new Settings(
            several ? random.Next(1, 9) : 1,
            random.Next(3) > 0,
            Capacities[random.Next(Capacities.Length)],
            Batches[random.Next(Batches.Length)],
            (Form)random.Next(6));
    }
}
