namespace Leat.Encoding;

/// <summary>
/// Says how values of one type are encoded, where Leat does not know or should do it otherwise. It is named by a
/// <see cref="CodecAttribute"/>, needs a public constructor without parameters, and is used by many threads at once.
/// </summary>
/// <typeparam name="T">The type of the values.</typeparam>
public interface ICodec<T>
{
    /// <summary>Writes a value, never null. Equal values must give equal bytes.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="value">The value.</param>
    void Write(EncodingWriter writer, T value);

    /// <summary>Reads back what <see cref="Write"/> has written.</summary>
    /// <param name="reader">Where from; the bytes may be damaged.</param>
    /// <exception cref="EncodingException">The bytes make no value; see <see cref="EncodingReader.Damaged"/>.</exception>
    T Read(EncodingReader reader);
}

/// <summary>
/// Names the codec of a type: on the type itself, or on an assembly for a type of somebody else's, but for numbers, <see langword="bool"/>,
/// <see langword="char"/> and <see langword="string"/>.
/// </summary>
/// <param name="codec">An <see cref="ICodec{T}"/> of the type.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Interface | AttributeTargets.Assembly, AllowMultiple = true)]
public sealed class CodecAttribute(Type codec) : Attribute
{
    /// <summary>The type of the codec.</summary>
    public Type Codec { get; } = codec;
}
