using Leat.Code;

namespace Leat.Storage;

/// <summary>What a function is called whose author did not say: a name that stays when lines are added above it.</summary>
internal static class FunctionName
{
    public static string Of(Delegate function, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(function);
        if (name is not null) return name;
        if (function.Target is IWrapped wrapped) return wrapped.Name;
        string own = function.Method.Name;
        return !GeneratedNames.IsGenerated(own) ? own
            : GeneratedNames.LocalFunction(own) ?? $"lambda in {(GeneratedNames.Within(own) is var place && place == "<Main>$" ? "Main" : place)}";
    }
}
