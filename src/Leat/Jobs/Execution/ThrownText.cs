namespace Leat.Jobs;

/// <summary>What an action has thrown, as text for its log: with inner exceptions, and with stack traces as far as they are the author's.</summary>
internal static class ThrownText
{
    private const string Frame = "   at ";
    private const string Own = "   at Leat.";

    // What is between the author's function and the thread that it runs on.
    private static readonly string[] Engine = ["Leat.Jobs.", "Leat.Pools.", "System.Runtime.CompilerServices.Async", "System.Threading.ExecutionContext.", "System.Threading.Tasks.", "System.Runtime.ExceptionServices."];

    /// <summary>The text, with a line break at its end; empty where no code of the author's has a part in it, as in a timeout.</summary>
    public static string Of(Exception error)
    {
        string? text = error is RemoteException remote ? remote.Text : error.StackTrace is null ? null : error.ToString();
        if (string.IsNullOrWhiteSpace(text)) return "";
        string[] lines = text.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        IEnumerable<string> kept = lines.Where((line, i) => !IsEngine(line) || IsWithin(lines, i));
        // An error with a code says what is wrong; how the library has found that out does not matter.
        if (error is LeatException and not RemoteException) kept = kept.Where(line => !line.StartsWith(Own, StringComparison.Ordinal));
        string[] told = [.. kept];
        return Array.Exists(told, line => line.StartsWith(Frame, StringComparison.Ordinal)) ? string.Concat(told.Select(line => $"{line}\n")) : "";
    }

    // A frame of the engine above one of the author's is where the author has called it.
    private static bool IsWithin(string[] lines, int at)
    {
        for (int i = at + 1; i < lines.Length && (IsEngine(lines[i]) || lines[i].StartsWith(Frame, StringComparison.Ordinal)); i++)
        {
            if (!IsEngine(lines[i])) return true;
        }

        return false;
    }

    /// <summary>True for a line of a stack trace that is no code of the author's.</summary>
    public static bool IsEngine(string line) =>
        line.StartsWith("--- End of stack trace from previous location", StringComparison.Ordinal)
        || (line.StartsWith(Frame, StringComparison.Ordinal) && Array.Exists(Engine, name => line.AsSpan(Frame.Length).StartsWith(name, StringComparison.Ordinal)));
}
