using System.Globalization;

namespace Leat.Scheduling;

/// <summary>Every error of scheduling, made in one place; <c>docs/errors.md</c> explains each.</summary>
internal static class SchedulingErrors
{
    public static ArgumentOutOfRangeException BadResource(string name, object value, string reason) =>
        new(name, value, string.Create(CultureInfo.InvariantCulture, $"LEAT0110: The resource '{name}' is {value}, but {reason}."));
}
