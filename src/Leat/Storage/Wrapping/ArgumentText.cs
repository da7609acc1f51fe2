using Leat.Code;

namespace Leat.Storage;

/// <summary>An argument in a few words.</summary>
internal static class ArgumentText
{
    public static string Of(Type type, object? value) => value switch
    {
        InputFile file => $"'{file.Path}'",
        OutputFile file => $"'{file.Path}'",
        _ => ValueText.Of(type, value),
    };
}
