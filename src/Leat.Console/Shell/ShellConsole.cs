using System.Text;

namespace Leat.Shell;

/// <summary>The console around the program, as far as the shell uses it.</summary>
internal sealed record ShellConsole : IDisposable
{
    private const int BufferSize = 16 * 1024;
    private const int UsualWidth = 80;
    private const int UsualHeight = 24;

    /// <summary>What was asked for. Flushed by the shell, so that thousands of lines are not as many calls of the system.</summary>
    public required TextWriter Output { get; init; }

    /// <summary>Why it can't be done.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Waits for a line; null where there is none.</summary>
    public Func<string?> ReadLine { get; init; } = () => null;

    /// <summary>Waits for a key, which does not appear on the screen.</summary>
    public Func<ConsoleKeyInfo>? ReadKey { get; init; }

    /// <summary>True if lines that were written can be written anew.</summary>
    public bool IsOutputTerminal { get; init; }

    public bool IsInputTerminal { get; init; }

    public bool HasColours { get; init; }

    /// <summary>Columns and rows at this moment.</summary>
    public Func<(int Width, int Height)> Size { get; init; } = () => (UsualWidth, UsualHeight);

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>True if somebody can be asked.</summary>
    public bool CanAsk => IsOutputTerminal && IsInputTerminal;

    public TextPage Page => new(Output, HasColours);

    /// <summary>That of this process.</summary>
    public static ShellConsole OfProcess()
    {
        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        bool isTerminal = !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb";
        return new ShellConsole
        {
            Output = new StreamWriter(Console.OpenStandardOutput(), utf8, BufferSize),
            Error = new StreamWriter(Console.OpenStandardError(), utf8) { AutoFlush = true },
            ReadLine = Console.ReadLine,
            ReadKey = () => Console.ReadKey(intercept: true),
            IsOutputTerminal = isTerminal,
            IsInputTerminal = !Console.IsInputRedirected,
            // See no-color.org.
            HasColours = isTerminal && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")),
            Size = SizeOfWindow,
        };
    }

    /// <summary>Asks, and takes anything but a yes for a no.</summary>
    public bool Confirm(string question)
    {
        Output.Write($"{question} [y/N] ");
        Output.Flush();
        return ReadLine()?.Trim().ToUpperInvariant() is "Y" or "YES";
    }

    public void Dispose()
    {
        Output.Dispose();
        Error.Dispose();
    }

    private static (int Width, int Height) SizeOfWindow()
    {
        int width = Console.WindowWidth;
        int height = Console.WindowHeight;
        return (width > 0 ? width : UsualWidth, height > 0 ? height : UsualHeight);
    }
}
