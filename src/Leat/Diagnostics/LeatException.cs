namespace Leat;

/// <summary>The base of every error that Leat reports: a full sentence, what it happened to, and what to do.</summary>
public class LeatException : Exception
{
    /// <summary>Creates an error.</summary>
    /// <param name="code">The error's code, such as <c>LEAT0001</c>; <c>docs/errors.md</c> has an entry for each.</param>
    /// <param name="message">What happened, to what, and what to do, without the code.</param>
    /// <param name="innerException">What caused it, if anything did.</param>
    public LeatException(string code, string message, Exception? innerException = null)
        : base($"{code}: {message}", innerException) => Code = code;

    /// <summary>The error's code, such as <c>LEAT0001</c>.</summary>
    public string Code { get; }
}
