namespace Leat.Encoding;

/// <summary>A value can't be encoded, or bytes are not those of a value of the type that was asked for.</summary>
public sealed class EncodingException : LeatException
{
    internal EncodingException(string code, string message, Exception? innerException = null)
        : base(code, message, innerException)
    {
    }

    /// <summary>What is refused in a value, and why; null where nothing in it is at fault.</summary>
    internal Refusal? Refusal { get; init; }
}

/// <summary>Why a value can't be encoded.</summary>
/// <param name="Path">The way to what is at fault.</param>
/// <param name="Reason">What is wrong with it, as a part of a sentence; behind a semicolon what to do, where that is known.</param>
internal sealed record Refusal(ValuePath Path, string Reason);
