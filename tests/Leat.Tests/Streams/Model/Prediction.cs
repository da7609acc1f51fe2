namespace Leat.Tests.Streams.Model;

/// <summary>What a step of a plan gives, by plain LINQ.</summary>
/// <param name="Items">The items.</param>
/// <param name="IsOrdered">True when they come in this order.</param>
internal sealed record Prediction(IReadOnlyList<int> Items, bool IsOrdered)
{
    public static IReadOnlyList<Prediction> Of(Plan plan)
    {
        List<Prediction> all = [];
        foreach (Step step in plan.Steps) all.Add(Of(step, [.. step.Inputs.Select(input => all[input])]));
        return all;
    }

    public static Prediction Of(Step step, IReadOnlyList<Prediction> inputs)
    {
        int argument = step.Argument;
        IReadOnlyList<int> items = inputs.Count > 0 ? inputs[0].Items : [];
        bool inOrder = inputs.All(input => input.IsOrdered);
        bool staysInOrder = inOrder && (step.Settings.Workers == 1 || step.Settings.Ordered);
        return step.Operation switch
        {
            Operation.Source => new([.. Enumerable.Range(argument, argument)], IsOrdered: true),
            Operation.Map => new([.. items.Select(item => Arithmetic.Map(item, argument))], staysInOrder),
            Operation.Filter => new([.. items.Where(item => Arithmetic.Keeps(item, argument))], staysInOrder),
            Operation.FlatMap => new([.. items.SelectMany(item => Arithmetic.Expand(item, argument))], staysInOrder),
            Operation.Tap => new(items, staysInOrder),
            Operation.Distinct => new([.. items.Distinct()], inOrder),
            Operation.Take => new([.. items.Take(argument)], inOrder),
            Operation.Batch => new([.. items.Chunk(argument + 1).Select(Arithmetic.Combine)], inOrder),
            Operation.Repeat => new([.. items.SelectMany(item => Enumerable.Repeat(item, argument % 4))], inOrder),
            Operation.Fold => new([items.Aggregate(0, Arithmetic.Add)], IsOrdered: true),
            Operation.OfAsync or Operation.OfSync => new([.. items.Select(item => item + 1)], inOrder && step.Settings.Workers == 1),
            Operation.OfOneResult => new([items.Count], IsOrdered: true),
            Operation.ScatterGather => new([.. items.Select(item => Arithmetic.Combine(Arithmetic.Split(item, argument).Select(part => part + 1)))], inOrder),
            Operation.Zip => new([.. items.Zip(inputs[1].Items, Arithmetic.Add)], inOrder),
            Operation.Merge => new([.. inputs.SelectMany(input => input.Items)], IsOrdered: inOrder && inputs.Count == 1),
            Operation.Concat => new([.. inputs.SelectMany(input => input.Items)], inOrder),
            _ => throw new InvalidOperationException($"No model of {step.Operation}."),
        };
    }

    /// <summary>True when the operation's results depend on the order of its input.</summary>
    public static bool NeedsOrder(Operation operation) =>
        operation is Operation.Take or Operation.Batch or Operation.Zip;

    public bool Matches(IReadOnlyList<int> actual) =>
        IsOrdered ? actual.SequenceEqual(Items) : actual.Order().SequenceEqual(Items.Order());
}
