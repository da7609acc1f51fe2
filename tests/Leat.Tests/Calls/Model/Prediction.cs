namespace Leat.Tests.Calls.Model;

/// <summary>What nested calls must give, computed the plain way: null stands for a failure.</summary>
internal static class Prediction
{
    public static List<List<int?>> Of(IReadOnlyList<CallStep> steps)
    {
        List<List<int?>> all = [];
        foreach (CallStep step in steps) all.Add(Of(step, [.. step.Inputs.Select(input => all[input])]));
        return all;
    }

    private static List<int?> Of(CallStep step, List<int?>[] inputs) => step.Kind switch
    {
        StepKind.List or StepKind.Source => [.. Functions.Values(step.Seed, step.Length).Select(value => (int?)value)],
        StepKind.Apply => [.. inputs[0].Select(value => Call(step, value))],
        StepKind.Join => [.. Product(inputs).Select(arguments => Call(step, arguments))],
        StepKind.Zip when inputs[0].Count != inputs[1].Count => [.. inputs[0].Zip(inputs[1], (a, b) => Call(step, a, b)), null],
        StepKind.Zip => [.. inputs[0].Zip(inputs[1], (a, b) => Call(step, a, b))],
        StepKind.Reduce => [inputs[0].Contains(null) ? null : Functions.TryOf(step, [.. inputs[0].Select(value => value!.Value)])],
        StepKind.Gather => [inputs[0].Contains(null) ? null : inputs[0].Count],
        _ => [.. inputs[0].SelectMany(value => Flatten(step, value))],
    };

    private static int? Call(CallStep step, params int?[] arguments) =>
        arguments.Contains(null) ? null : Functions.TryOf(step, [.. arguments.Select(value => value!.Value)]);

    private static IEnumerable<int?> Flatten(CallStep step, int? value) =>
        Call(step, value) is { } result ? Functions.Parts(result).Select(part => (int?)part) : [null];

    private static IEnumerable<int?[]> Product(List<int?>[] inputs) =>
        inputs.Aggregate((IEnumerable<int?[]>)[[]], (all, input) => all.SelectMany(head => input.Select(value => (int?[])[.. head, value])));
}

/// <summary>The functions of plans.</summary>
internal static class Functions
{
    public static IEnumerable<int> Values(int seed, int length) => Enumerable.Range(0, length).Select(i => Mix(seed, [i]));

    public static int? TryOf(CallStep step, int[] arguments) => step.Fails && Mix(step.Seed + 7, arguments) % 5 == 0 ? null : Mix(step.Seed, arguments);

    public static int Of(int seed, bool fails, params int[] arguments) =>
        fails && Mix(seed + 7, arguments) % 5 == 0 ? throw new InvalidOperationException("this one fails") : Mix(seed, arguments);

    public static IEnumerable<int> Parts(int value) => Enumerable.Range(0, value % 4).Select(i => Mix(value, [i]));

    public static async Task WaitAsync(Pace pace, int value)
    {
        if (pace == Pace.Yielding) await Task.Yield();
        if (pace == Pace.Delayed && value % 3 == 0) await Task.Delay(TimeSpan.FromMilliseconds(value % 2), TimeProvider.System);
    }

    private static int Mix(int seed, ReadOnlySpan<int> values)
    {
        uint hash = (uint)seed * 2654435761;
        foreach (int value in values) hash = System.Numerics.BitOperations.RotateLeft(hash ^ ((uint)value * 2246822519), 13) * 3266489917;
        return (int)(hash >> 8) % 1000;
    }
}
