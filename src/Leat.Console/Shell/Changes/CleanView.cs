using System.Text.Json;

namespace Leat.Shell;

/// <summary>What is removed.</summary>
/// <param name="Folder">The graph's folder.</param>
/// <param name="Files">The whole paths of the files.</param>
internal sealed record CleanView(string Folder, IReadOnlyList<string> Files)
{
    /// <summary>False as long as it is only said.</summary>
    public bool IsDone { get; init; }
}

/// <summary>What is removed, for people.</summary>
internal static class CleanText
{
    public static void Write(TextPage page, CleanView clean)
    {
        string files = clean.Files.Count == 1 ? "1 file" : $"{Leat.Progress.Quantity.Count(clean.Files.Count)} files";
        string headline = clean.IsDone ? $"{files} removed."
            : clean.Files.Count == 0 ? "Nothing to remove: no file is there that a job has made."
            : $"{files} would be removed:";
        page.Line(headline);
        if (clean.IsDone) return;
        foreach (string file in clean.Files) page.Line($"  {NameOf(clean.Folder, file)}");
    }

    private static string NameOf(string folder, string file) =>
        file.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal) ? file[(folder.Length + 1)..] : file;
}

/// <summary>What is removed, for programs.</summary>
internal static class CleanJson
{
    public static void Write(Utf8JsonWriter writer, CleanView clean)
    {
        writer.WriteBoolean("removed", clean.IsDone);
        writer.WriteStartArray("files");
        foreach (string file in clean.Files) writer.WriteStringValue(file);
        writer.WriteEndArray();
    }
}
