namespace Leat.Jobs;

/// <summary>
/// Leads what actions in this program write to the console to their logs, through the flow of execution. For everybody else the console is
/// what it was. The writers that do this are in place only while somebody needs them.
/// </summary>
internal static class ConsoleRouting
{
    private static readonly Lock Gate = new();
    private static readonly AsyncLocal<ActionLog?> Current = new();
    private static int users;
    private static Place? output;
    private static Place? error;

    /// <summary>From now on, in this flow of control, what is written goes to a log.</summary>
    public static void Enter(ActionLog log) => Current.Value = log;

    /// <summary>Puts the writers in place, unless they are.</summary>
    public static void Begin()
    {
        lock (Gate)
        {
            if (users++ > 0) return;
#pragma warning disable RS0030 // The ban keeps the library from writing to the author's console. This leads there what is not an action's.
            output = new Place(Console.Out, Console.SetOut, () => Console.Out);
            error = new Place(Console.Error, Console.SetError, () => Console.Error);
#pragma warning restore RS0030
        }
    }

    /// <summary>Takes them away again, when nobody needs them any more.</summary>
    public static void End()
    {
        lock (Gate)
        {
            if (--users > 0) return;
            output!.Restore();
            error!.Restore();
        }
    }

    // One of the console's streams: what was there before, and what is there now.
    private sealed class Place
    {
        private readonly TextWriter before;
        private readonly TextWriter now;
        private readonly Action<TextWriter> set;
        private readonly Func<TextWriter> get;

        public Place(TextWriter before, Action<TextWriter> set, Func<TextWriter> get)
        {
            (this.before, this.set, this.get) = (before, set, get);
            set(new Writer(before));
            now = get();
        }

        // Somebody who has put a writer of his own there meanwhile keeps it.
        public void Restore()
        {
            if (get() == now) set(before);
        }
    }

    private sealed class Writer(TextWriter otherwise) : TextWriter
    {
        public override System.Text.Encoding Encoding => otherwise.Encoding;

        public override void Write(char value)
        {
            if (Current.Value is { } log) log.Write([value]);
            else otherwise.Write(value);
        }

        public override void Write(ReadOnlySpan<char> buffer)
        {
            if (Current.Value is { } log) log.Write(buffer);
            else otherwise.Write(buffer);
        }

        public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

        public override void Write(string? value) => Write(value.AsSpan());

        public override void WriteLine(string? value)
        {
            if (Current.Value is { } log) log.Write($"{value}\n");
            else otherwise.WriteLine(value);
        }

        public override void Flush()
        {
            if (Current.Value is { } log) log.Flush();
            else otherwise.Flush();
        }
    }
}
