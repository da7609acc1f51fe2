using System.Reflection;
using Leat.Encoding;

namespace Leat.Code;

/// <summary>What an author calls a delegate in an error message: <c>the lambda at Program.cs:12</c>.</summary>
internal static class FunctionTitle
{
    public static string Of(MethodInfo method)
    {
        string name = method.Name;
        if (GeneratedNames.IsGenerated(name))
        {
            if (SourceLines.Of(method) is { } place)
            {
                return GeneratedNames.LocalFunction(name) is { } local ? $"the local function {local} at {place}" : $"the lambda at {place}";
            }
            if (DelegateCode.IsOwn(method)) return DelegateCode.TitleOf(method);
        }
        return OfOutside(method);
    }

    /// <summary>What one that isn't the author's is called.</summary>
    public static string OfOutside(MethodInfo method) => $"the method {TypeTag.Describe(method.DeclaringType!)}.{method.Name}";

    /// <summary>What an object without captured variables is to the delegate that holds it.</summary>
    public static string RoleOfObject(Delegate function) =>
        GeneratedNames.IsGenerated(function.Method.Name) ? "captured 'this'"
            : function.Method.IsStatic ? "first argument"
            : "object";
}
