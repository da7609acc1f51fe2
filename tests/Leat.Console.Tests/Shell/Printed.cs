using System.Text.Json;

namespace Leat.Shell.Tests;

/// <summary>What is printed, as text.</summary>
internal static class Printed
{
    public static string Text(Action<TextPage> write, bool hasColours = false)
    {
        using var output = new StringWriter();
        write(new TextPage(output, hasColours));
        return output.ToString();
    }

    public static string Json(Action<Utf8JsonWriter> members)
    {
        using var output = new StringWriter();
        JsonPage.Document(output, members);
        using JsonDocument document = JsonDocument.Parse(output.ToString());
        Assert.Equal(JsonValueKind.Object, document.RootElement.ValueKind);
        return output.ToString();
    }
}
