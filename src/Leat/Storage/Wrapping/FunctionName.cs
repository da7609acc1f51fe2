using Leat.Code;
using Leat.Encoding;

namespace Leat.Storage;

/// <summary>What a function is called whose author did not say: a name that stays when lines are added above it.</summary>
internal static class FunctionName
{
    public static string Of(Delegate function, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(function);
        if (name is not null) return name;
        if (function.Target is IWrapped wrapped) return wrapped.Name;
        if (MethodName.Of(function) is { } own) return own;
        string within = GeneratedNames.Within(function.Method.Name);
        // Of several in one place, the types tell which.
        string types = string.Join(", ", function.Method.GetParameters().Select(parameter => TypeTag.Describe(parameter.ParameterType)));
        return $"lambda ({types}) in {(within == "<Main>$" ? "Main" : within)}";
    }
}
