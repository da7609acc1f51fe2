namespace Leat.Encoding;

/// <summary>A value can't be encoded, or bytes are not those of a value of the type that was asked for.</summary>
public sealed class EncodingException : LeatException
{
    internal EncodingException(string code, string message, Exception? innerException = null)
        : base(code, message, innerException)
    {
    }
}
