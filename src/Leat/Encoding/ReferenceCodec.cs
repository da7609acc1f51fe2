namespace Leat.Encoding;

/// <summary>What may be null: a byte ahead says whether it is.</summary>
internal sealed class NullableCodec<T>(Codec<T> codec) : Codec<T?>
    where T : class
{
    public override void Write(EncodingWriter writer, T? value)
    {
        writer.Write((byte)(value is null ? 0 : 1));
        if (value is not null)
        {
            codec.Write(writer, value);
        }
    }

    public override T? Read(EncodingReader reader) => reader.Read<byte>() switch
    {
        0 => null,
        1 => codec.Read(reader),
        byte other => throw reader.Damaged($"{other} tells neither a value nor none"),
    };
}

/// <summary>A nullable of a struct.</summary>
internal sealed class NullableStructCodec<T>(Codec<T> codec) : Codec<T?>
    where T : struct
{
    public override void Write(EncodingWriter writer, T? value)
    {
        writer.Write((byte)(value is null ? 0 : 1));
        if (value is { } some)
        {
            codec.Write(writer, some);
        }
    }

    public override T? Read(EncodingReader reader) => reader.Read<byte>() switch
    {
        0 => null,
        1 => codec.Read(reader),
        byte other => throw reader.Damaged($"{other} tells neither a value nor none"),
    };
}

/// <summary>
/// A reference whose object may be null, of a derived type, and nested as deep as you like. A number ahead says which: 0
/// null, 1 exactly the static type, more a type that is named; see <see cref="TagTable"/>.
/// </summary>
/// <param name="exact">The codec of the static type; null if there are no objects of exactly that type.</param>
/// <param name="nests">True when such an object can hold others of its kind, however far down.</param>
internal sealed class ReferenceCodec<T>(Codec<T>? exact, bool nests) : Codec<T?>
    where T : class
{
    public override void Write(EncodingWriter writer, T? value)
    {
        if (value is null)
        {
            writer.WriteVarint(TagTable.Null);
            return;
        }

        if (writer.Shared?.TryWrite(writer, value) == true)
        {
            return;
        }

        if (!nests)
        {
            WriteObject(writer, value);
            return;
        }

        writer.Nesting.Enter(value);
        if (Nesting.HasStack())
        {
            WriteObject(writer, value);
        }
        else
        {
            Nesting.OnFreshStack(() => WriteObject(writer, value));
        }

        writer.Nesting.Leave(value);
    }

    public override T? Read(EncodingReader reader)
    {
        ulong tag = reader.ReadVarint();
        if (tag == TagTable.Null)
        {
            return null;
        }

        if (tag == TagTable.Shared)
        {
            return reader.Shared?.Read(reader) as T ?? throw reader.Damaged("a shared object is meant where there is none");
        }

        if (!nests)
        {
            return ReadObject(reader, tag);
        }

        reader.Nesting.Enter();
        T? value = null;
        if (Nesting.HasStack())
        {
            value = ReadObject(reader, tag);
        }
        else
        {
            Nesting.OnFreshStack(() => value = ReadObject(reader, tag));
        }

        reader.Nesting.Leave();
        return value;
    }

    private void WriteObject(EncodingWriter writer, T value)
    {
        Type type = value.GetType();
        if (exact is not null && type == typeof(T))
        {
            writer.WriteVarint(TagTable.Exact);
            exact.Write(writer, value);
            return;
        }

        Codec derived = Codecs.OfObject(value, type);
        writer.Tags.Write(writer, type);
        derived.WriteBoxed(writer, value);
    }

    private T ReadObject(EncodingReader reader, ulong tag)
    {
        if (tag == TagTable.Exact)
        {
            return exact is not null ? exact.Read(reader) : throw reader.Damaged("an object of a type without objects is announced");
        }

        Type type = reader.Tags.Read(reader, tag, typeof(T));
        return (T)Codecs.OfTag(type).ReadBoxed(reader)!;
    }
}
