using Leat.Encoding;

namespace Leat.Code;

/// <summary>Every error that a delegate's code can cause, made in one place; <c>docs/errors.md</c> explains each.</summary>
internal static class CodeErrors
{
    public static LeatException MadeAtRunTime(string method) =>
        new("LEAT0050", $"The delegate '{method}' was made at run time (by Expression.Compile or System.Reflection.Emit), so there is no code in an assembly to tell it by. Give a lambda or a method that was compiled.");

    public static LeatException BadCode(string method, Exception cause) =>
        new("LEAT0051", $"The code of '{method}' can't be read: {cause.Message} Build the program again; if that does not help, pin the method's fingerprint with [CodeVersion].", cause);

    public static LeatException WritesCaptured(string method, string what) =>
        new("LEAT0053", $"The code of {method} writes to the {what}. In another process that is a copy, and the write would be lost. Return the value as a result instead, or run this on threads.");

    public static LeatException VariableStaysHere(string function, string variable, Refusal refusal) =>
        StaysHere(VariableText(function, variable, refusal), refusal.Reason,
            // Some reasons say themselves what to do.
            SaysWhatToDo(refusal) ? "" : " Make it inside the lambda, capture what it is made from instead, or run this on threads.");

    public static LeatException ObjectStaysHere(string function, string role, Refusal refusal)
    {
        (string what, string reason) = ObjectText(function, role, refusal);
        return StaysHere(what, reason, Copy);
    }

    public static LeatException WritesCapturedOfKey(string method, string what) =>
        new("LEAT0057", $"The code of {method} writes to the {what}. Its value is part of the key under which a cache keeps the result, and a result that comes from the cache does not repeat the write. Return the value as a result instead, or don't cache this function.");

    public static LeatException VariableInKey(string function, string variable, Refusal refusal) =>
        NotInKey(VariableText(function, variable, refusal), refusal.Reason,
            SaysWhatToDo(refusal) ? "" : " Make it inside the lambda, or capture what it is made from instead.");

    public static LeatException ObjectInKey(string function, string role, Refusal refusal)
    {
        (string what, string reason) = ObjectText(function, role, refusal);
        return NotInKey(what, reason, " Copy what is needed of it into local variables, and capture these instead.");
    }

    public static LeatException NamelessType(string type) =>
        StaysHere($"type {type} that the delegate is made with", "it has no name by which another process could find it", " Leave it out of the type arguments.");

    public static LeatException OtherBuild(string assembly) =>
        new("LEAT0055", $"The assembly '{assembly}' is another build here than where the work comes from. Both sides must run the same files: build once, and copy what was built.");

    public static LeatException NoAssembly(string assembly) =>
        new("LEAT0056", $"The assembly '{assembly}', which the work needs, is not found here. Put its file beside the program's own, where it is found by its name.");

    private const string Copy = " Copy what is needed of it into local variables, capture these instead, or run this on threads.";

    private static LeatException StaysHere(string what, string reason, string advice) =>
        new("LEAT0054", $"The {what} can't go to another process: {reason}.{advice}");

    private static LeatException NotInKey(string what, string reason, string advice) =>
        new("LEAT0058", $"The {what} can't be part of the key of a cached result: {reason}.{advice}");

    private static bool SaysWhatToDo(Refusal refusal) => refusal.Reason.Contains(';', StringComparison.Ordinal);

    private static string VariableText(string function, string variable, Refusal refusal) =>
        $"captured variable '{variable}'{refusal.Path.Steps} ({refusal.Path.Kind}) in {function}";

    private static (string What, string Reason) ObjectText(string function, string role, Refusal refusal)
    {
        string steps = refusal.Path.Steps;
        string what = $"{role} ({refusal.Path.Start}) {(role == "captured 'this'" ? "in" : "of")} {function}";
        if (!steps.StartsWith('.')) return (what + (steps.Length == 0 ? "" : $", for its {steps} ({refusal.Path.Kind}),"), refusal.Reason);
        int end = steps.AsSpan(1).IndexOfAny('.', '[') + 1;
        (string field, string rest) = end == 0 ? (steps[1..], "") : (steps[1..end], steps[end..]);
        return (what, $"its field '{field}'{rest} ({refusal.Path.Kind}) keeps it here; {refusal.Reason}");
    }
}
