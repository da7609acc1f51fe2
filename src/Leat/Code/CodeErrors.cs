namespace Leat.Code;

/// <summary>Every error that a delegate's code can cause, made in one place; <c>docs/errors.md</c> explains each.</summary>
internal static class CodeErrors
{
    public static LeatException MadeAtRunTime(string method) =>
        new("LEAT0050", $"The delegate '{method}' was made at run time (by Expression.Compile or System.Reflection.Emit), so there is no code in an assembly to tell it by. Give a lambda or a method that was compiled.");

    public static LeatException BadCode(string method, Exception cause) =>
        new("LEAT0051", $"The code of '{method}' can't be read: {cause.Message} Build the program again; if that does not help, pin the method's fingerprint with [CodeVersion].", cause);

    public static LeatException WritesCaptured(string method, string variable) =>
        new("LEAT0053", $"The code of {method} writes to the captured variable '{variable}'. In another process that is a copy, and the write would be lost. Return the value as a result instead, or run this on threads.");

    public static FormatException NoFingerprint(string? text) =>
        new(Text("LEAT0052", $"'{text}' is not a fingerprint. A fingerprint has 64 hexadecimal digits."));

    private static string Text(string code, string message) => $"{code}: {message}";
}
