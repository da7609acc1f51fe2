namespace Leat.Encoding;

/// <summary>The way from a value to something in it, for error messages: <c>Order.Items[3].Client (HttpClient)</c>.</summary>
/// <param name="Start">The type of the value.</param>
/// <param name="Steps">The members and indexes that lead from it, none where the value itself is meant.</param>
/// <param name="Kind">The type at the end.</param>
internal readonly record struct ValuePath(string Start, string Steps, string Kind)
{
    /// <summary>A value itself.</summary>
    public static ValuePath To(Type type) => new(TypeTag.Describe(type), "", TypeTag.Describe(type));

    /// <summary>The way that goes on from the end of this one.</summary>
    public ValuePath Then(ValuePath rest) => new(Start, Steps + rest.Steps, rest.Kind);

    public override string ToString() => Steps.Length == 0 && Start == Kind ? $"A {Start}" : $"{Start}{Steps} ({Kind})";
}
