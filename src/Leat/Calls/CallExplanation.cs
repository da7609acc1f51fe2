using System.Globalization;

namespace Leat;

/// <summary>What became of one call, and why.</summary>
/// <param name="Call">The name of the function.</param>
/// <param name="Number">The place of its result among those of the function's other calls in the same expression, from 0; -1 if it is not known yet.</param>
/// <param name="Arguments">Its arguments in a few words; … for one that was forgotten when it was needed no more.</param>
/// <param name="Origin">Where its result came from.</param>
/// <param name="Reason">Why it ran, or did not.</param>
/// <param name="Started">When it was started, since the start of the run.</param>
/// <param name="Time">How long the function took: for results from a cache, when it ran.</param>
public sealed record CallExplanation(string Call, long Number, string Arguments, CallOrigin Origin, string Reason, TimeSpan Started, TimeSpan Time)
{
    /// <summary>One line.</summary>
    public override string ToString()
    {
        string number = Number < 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" #{Number}");
        return string.Create(CultureInfo.InvariantCulture, $"{Call}{number}({Arguments}): {Reason} [{Time.TotalMilliseconds:0.0} ms]");
    }
}
