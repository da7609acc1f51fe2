namespace Leat.Tests.Calls.Model;

/// <summary>Declares plans.</summary>
internal static class Builder
{
    /// <summary>Declares a plan's last step.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="optionsOf">How the calls of a step are made.</param>
    public static Deferred<int> Build(CallPlan plan, Func<int, CallOptions> optionsOf)
    {
        List<Deferred<int>> all = [];
        foreach (CallStep step in plan.Steps) all.Add(Build(step, [.. step.Inputs.Select(input => all[input])], optionsOf(all.Count)));
        return all[^1];
    }

    private static Deferred<int> Build(CallStep step, Deferred<int>[] inputs, CallOptions options)
    {
        (int seed, bool fails, Pace pace) = (step.Seed, step.Fails, step.Pace);
        bool isDirect = pace == Pace.Direct;
        int length = step.Length;
        switch (step.Kind)
        {
            case StepKind.List:
                return Functions.Values(seed, length).ToArray();
            case StepKind.Source when isDirect:
                return Call.Source(() => Functions.Values(seed, length));
            case StepKind.Source:
                return Call.Source(_ => SlowlyAsync(seed, length, pace));
            case StepKind.Apply when isDirect:
                return Call.Apply((int a) => Functions.Of(seed, fails, a), options)(inputs[0]);
            case StepKind.Apply:
                return Call.Apply(
                    async Task<int> (int a) =>
                    {
                        await Functions.WaitAsync(pace, a);
                        return Functions.Of(seed, fails, a);
                    },
                    options)(inputs[0]);
            case StepKind.Join when inputs.Length == 3:
                return Call.Join((int a, int b, int c) => Functions.Of(seed, fails, a, b, c), options)(inputs[0], inputs[1], inputs[2]);
            case StepKind.Join when isDirect:
                return Call.Join((int a, int b) => Functions.Of(seed, fails, a, b), options)(inputs[0], inputs[1]);
            case StepKind.Join:
                return Call.Join(
                    async Task<int> (int a, int b) =>
                    {
                        await Functions.WaitAsync(pace, a + b);
                        return Functions.Of(seed, fails, a, b);
                    },
                    options)(inputs[0], inputs[1]);
            case StepKind.Zip:
                return Call.Zip((int a, int b) => Functions.Of(seed, fails, a, b), options)(inputs[0], inputs[1]);
            case StepKind.Reduce:
                return Call.Reduce((int[] all) => Functions.Of(seed, fails, all), options)(inputs[0]);
            case StepKind.Gather:
                return Call.Apply((int[] all) => all.Length, options)(Call.Gather(inputs[0]));
            default:
                return Call.Flatten((int a) => Functions.Parts(Functions.Of(seed, fails, a)), options)(inputs[0]);
        }
    }

    private static async IAsyncEnumerable<int> SlowlyAsync(int seed, int length, Pace pace)
    {
        foreach (int value in Functions.Values(seed, length))
        {
            await Functions.WaitAsync(pace, value);
            yield return value;
        }
    }
}
