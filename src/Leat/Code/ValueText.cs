using System.Globalization;
using System.Numerics;
using Leat.Encoding;

namespace Leat.Code;

/// <summary>A value in a few words: what one would write into a program, or else its type and a digest that tells it from others.</summary>
internal static class ValueText
{
    private const int DigestDigits = 12;
    private const int LongestText = 60;

    /// <summary>The words for a value.</summary>
    /// <param name="type">The type that it is encoded as.</param>
    /// <param name="value">The value.</param>
    public static string Of(Type type, object? value) => value switch
    {
        null => "null",
        string { Length: <= LongestText } text => $"\"{text}\"",
        char letter => $"'{letter}'",
        bool truth => truth ? "true" : "false",
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        float number => number.ToString("R", CultureInfo.InvariantCulture),
        DateTime or DateTimeOffset or DateOnly or TimeOnly => ((IFormattable)value).ToString("O", CultureInfo.InvariantCulture),
        Enum or sbyte or byte or short or ushort or int or uint or long or ulong or Int128 or UInt128 or Half or decimal or BigInteger or TimeSpan or Guid =>
            ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture),
        _ => Digested(type, value),
    };

    /// <summary>The words for a delegate, without what it captured.</summary>
    public static string Of(Delegate function)
    {
        try
        {
            string fingerprint = DelegateCode.FingerprintOf(function).ToString()[..DigestDigits];
            return $"{(DelegateCode.IsOwn(function.Method) ? DelegateCode.TitleOf(function.Method) : FunctionTitle.OfOutside(function.Method))} {fingerprint}";
        }
        catch (LeatException)
        {
            return NotEncodable(function);
        }
    }

    private static string Digested(Type type, object value)
    {
        string name = TypeTag.Describe(value.GetType());
        try
        {
            var writer = new EncodingWriter();
            Codecs.For(type).WriteBoxed(writer, value);
            return $"{name} {Digest.Of(writer.Written).ToString()[..DigestDigits]}";
        }
        catch (Exception error) when (error is EncodingException or CulpritException)
        {
            return NotEncodable(value);
        }
    }

    private static string NotEncodable(object value) => $"{TypeTag.Describe(value.GetType())}, which can't be encoded";
}
