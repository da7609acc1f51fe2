using System.Globalization;

namespace Leat.Scheduling;

/// <summary>Every error of scheduling, made in one place; <c>docs/errors.md</c> explains each.</summary>
internal static class SchedulingErrors
{
    public static ArgumentOutOfRangeException BadResource(string name, object value, string reason) =>
        new(name, value, Text("LEAT0110", string.Create(CultureInfo.InvariantCulture, $"The resource '{name}' is {value}, but {reason}.")));

    private static string Text(string code, string message) => $"{code}: {message}";
}
