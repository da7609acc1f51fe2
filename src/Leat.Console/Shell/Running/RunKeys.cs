using System.Globalization;

namespace Leat.Shell;

/// <summary>
/// What keys mean while a run goes on.
/// <code>
///   Idle --Enter--> Idle: show what is running
///   Idle --k--> Asking: show what is running
///   Asking --digit, Backspace--> Asking
///   Asking --Enter--> Idle: end the job of that number
///   Asking --anything else--> Idle
/// </code>
/// </summary>
internal sealed class RunKeys
{
    private const int MostDigits = 6;
    private string? digits;

    /// <summary>What is being typed; null while idle.</summary>
    public string? Prompt => digits is null ? null : $"End the job of which number? {digits}";

    /// <summary>What a key asks for.</summary>
    public KeyRequest Press(ConsoleKeyInfo key)
    {
        bool isEnter = key.Key == ConsoleKey.Enter || key.KeyChar is '\r' or '\n';
        if (digits is null)
        {
            if (isEnter) return new KeyRequest(KeyRequestKind.ShowRunning);
            if (key.KeyChar is not ('k' or 'K')) return default;
            digits = "";
            return new KeyRequest(KeyRequestKind.ShowRunning);
        }

        if (char.IsAsciiDigit(key.KeyChar) && digits.Length < MostDigits)
        {
            digits += key.KeyChar;
            return default;
        }

        if (key.Key == ConsoleKey.Backspace && digits.Length > 0)
        {
            digits = digits[..^1];
            return default;
        }

        string typed = digits;
        digits = null;
        return isEnter && int.TryParse(typed, CultureInfo.InvariantCulture, out int number) ? new KeyRequest(KeyRequestKind.Kill, number) : default;
    }
}

/// <summary>What a key asks for.</summary>
/// <param name="Kind">What.</param>
/// <param name="Number">Which job, from 1.</param>
internal readonly record struct KeyRequest(KeyRequestKind Kind, int Number = 0);

/// <summary>What keys can ask for.</summary>
internal enum KeyRequestKind
{
    Nothing,
    ShowRunning,
    Kill,
}
