using System.Globalization;
using Leat.Encoding;

namespace Leat.Calls;

/// <summary>Every error of calls, made in one place; <c>docs/errors.md</c> explains each.</summary>
internal static class CallErrors
{
    public static ArgumentOutOfRangeException BadOption(string name, object? value, string reason) =>
        new(name, value, Text("LEAT0090", $"The option '{name}' is {value}, but {reason}."));

    public static ArgumentException NoWholeNumbers(Type type) =>
        new(Text("LEAT0091", $"A range stands for whole numbers, and the values are of type {TypeTag.Describe(type)}. Give a list of values."));

    public static ArgumentException OpenRange(Range range) =>
        new(Text("LEAT0092", $"The range {range} counts from an end, and there is none. Say both numbers, as in 0..10."));

    public static TimeoutException Timeout(string call, TimeSpan timeout) =>
        new(Text("LEAT0093", string.Create(CultureInfo.InvariantCulture, $"The call of '{call}' took longer than its timeout of {timeout.TotalSeconds} s. Raise the timeout, or look at what the function waits for.")));

    public static LeatException UnequalLengths(CallNode[] inputs, int[] lengths) =>
        new("LEAT0094", $"The inputs that are to be paired have different lengths: {string.Join(", ", inputs.Select((input, i) => string.Create(CultureInfo.InvariantCulture, $"'{input.Name}' has {lengths[i]:N0}")))}. Make them equally long, or use Call.Join for all combinations.");

    public static LeatException TooManyCalls(string call) =>
        new("LEAT0095", string.Create(CultureInfo.InvariantCulture, $"The combinations of the inputs of '{call}' are more than {int.MaxValue:N0}. Split an input, and run the parts one after the other."));

    public static LeatException NoSuchMachine(string call, string reason) =>
        new("LEAT0096", $"A call of '{call}' needs {reason}. Ask for less, or use a larger pool.");

    public static ArgumentException NoValue(string call, Type result) =>
        new(Text("LEAT0097", $"The function '{call}' gives a {TypeTag.Describe(result)} where a value is expected. Let it return a value, or an asynchronous one a task of a value."));

    public static ArgumentException DeferredAsValue(string name) =>
        new(Text("LEAT0098", $"What is deferred as '{name}' was given as a single value of the type object. Give the function a parameter of the type of its values."));

    public static LeatException NoSequence(string name) =>
        new("LEAT0099", $"'{name}' gave null where a sequence is expected. Return an empty one where there are no values.");

    private static string Text(string code, string message) => $"{code}: {message}";
}
