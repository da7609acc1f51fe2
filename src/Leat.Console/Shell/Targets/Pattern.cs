namespace Leat.Shell;

/// <summary>A text in which each * stands for any characters, also for none and for '/'; nothing else in it is special.</summary>
internal readonly struct Pattern(string text)
{
    private readonly string[] parts = text.Split('*');

    public bool Matches(string name)
    {
        if (parts.Length == 1) return name == parts[0];
        if (!name.StartsWith(parts[0], StringComparison.Ordinal)) return false;
        int at = parts[0].Length;
        // What is found first leaves most for the parts behind it.
        foreach (string part in parts.AsSpan(1, parts.Length - 2))
        {
            at = name.IndexOf(part, at, StringComparison.Ordinal);
            if (at < 0) return false;
            at += part.Length;
        }

        return name.Length - at >= parts[^1].Length && name.EndsWith(parts[^1], StringComparison.Ordinal);
    }
}
