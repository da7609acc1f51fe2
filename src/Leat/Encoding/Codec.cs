using System.Diagnostics.CodeAnalysis;

namespace Leat.Encoding;

/// <summary>How values of one type are encoded, whatever the type. Built once for each.</summary>
internal abstract class Codec
{
    /// <summary>How many bytes a value takes at least; 1 or more.</summary>
    public virtual int Smallest => 1;

    /// <summary>True when the bytes of an array of values, as they lie in memory, are its encoding.</summary>
    public virtual bool IsBlock => false;

    public abstract void WriteBoxed(EncodingWriter writer, object? value);

    public abstract object? ReadBoxed(EncodingReader reader);
}

/// <summary>How values of one type are encoded.</summary>
internal abstract class Codec<T> : Codec
{
    public abstract void Write(EncodingWriter writer, T value);

    public abstract T Read(EncodingReader reader);

    public sealed override void WriteBoxed(EncodingWriter writer, object? value) => Write(writer, (T)value!);

    public sealed override object? ReadBoxed(EncodingReader reader) => Read(reader);
}

/// <summary>
/// A codec of a type that may lead to itself: it stands for the real one while that is being built, and afterwards only
/// passes calls on, with stack enough: every recursion goes through one, or through a reference of another type.
/// </summary>
internal sealed class LateCodec<T> : Codec<T>
{
    [DisallowNull]
    public Codec<T>? Real { get; set; }

    public override void Write(EncodingWriter writer, T value)
    {
        writer.Nesting.Enter();
        if (Nesting.HasStack())
        {
            Real!.Write(writer, value);
        }
        else
        {
            Nesting.OnFreshStack(() => Real!.Write(writer, value));
        }

        writer.Nesting.Leave();
    }

    public override T Read(EncodingReader reader)
    {
        reader.Nesting.Enter();
        T value = default!;
        if (Nesting.HasStack())
        {
            value = Real!.Read(reader);
        }
        else
        {
            Nesting.OnFreshStack(() => value = Real!.Read(reader));
        }

        reader.Nesting.Leave();
        return value;
    }
}
