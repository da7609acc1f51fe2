namespace Leat.Code;

/// <summary>The name that an author has given to a delegate's method.</summary>
internal static class MethodName
{
    /// <summary>The name; null for a lambda, which has none.</summary>
    public static string? Of(Delegate function)
    {
        string method = function.Method.Name;
        return method.Contains('<', StringComparison.Ordinal) ? GeneratedNames.LocalFunction(method) : method;
    }
}
