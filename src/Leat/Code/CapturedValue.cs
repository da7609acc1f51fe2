using Leat.Encoding;

namespace Leat.Code;

/// <summary>Writes a captured value, and tells whoever captured it what in it is refused.</summary>
internal static class CapturedValue
{
    /// <summary>Writes a value.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="codecOf">Finds the codec.</param>
    /// <param name="type">The type that the value is written as.</param>
    /// <param name="value">The value.</param>
    /// <param name="explain">Makes the error of a refusal.</param>
    public static void Write(EncodingWriter writer, Func<Type, Codec> codecOf, Type type, object? value, Func<Refusal, LeatException> explain)
    {
        try
        {
            codecOf(type).WriteBoxed(writer, value);
        }
        catch (CulpritException error)
        {
            EncodingException explained = error.Explain(ObjectPath.Find(value!, error.Culprit));
            throw explained.Refusal is { } refusal ? explain(refusal) : explained;
        }
        catch (EncodingException error) when (error.Refusal is not null)
        {
            throw explain(error.Refusal);
        }
    }
}
