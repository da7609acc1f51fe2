using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Leat.Encoding;

/// <summary>A sequence of elements: their number, then each. Elements that are blocks are copied as one.</summary>
internal static class Elements
{
    public static void Write<T>(EncodingWriter writer, ReadOnlySpan<T> elements, Codec<T> codec)
    {
        writer.WriteVarint((ulong)elements.Length);
        if (codec.IsBlock)
        {
            writer.WriteBytes(AsBytes(elements));
            return;
        }

        foreach (T element in elements)
        {
            codec.Write(writer, element);
        }
    }

    public static T[] Read<T>(EncodingReader reader, Codec<T> codec)
    {
        int count = reader.ReadCount(codec.Smallest);
        if (count == 0)
        {
            return [];
        }

        T[] elements = codec.IsBlock ? GC.AllocateUninitializedArray<T>(count) : new T[count];
        if (codec.IsBlock)
        {
            ReadOnlySpan<byte> bytes = reader.Take(count * Unsafe.SizeOf<T>());
            bytes.CopyTo(MemoryMarshal.CreateSpan(ref Unsafe.As<T, byte>(ref MemoryMarshal.GetArrayDataReference(elements)), bytes.Length));
            return elements;
        }

        int smallest = codec.Smallest;
        reader.Promise((long)count * smallest);
        for (int i = 0; i < elements.Length; i++)
        {
            reader.Promise(-smallest);
            elements[i] = codec.Read(reader);
        }

        return elements;
    }

    // Only for blocks, which hold no references.
    private static ReadOnlySpan<byte> AsBytes<T>(ReadOnlySpan<T> elements)
    {
        long length = (long)elements.Length * Unsafe.SizeOf<T>();
        return length <= Array.MaxLength
            ? MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<T, byte>(ref MemoryMarshal.GetReference(elements)), (int)length)
            : throw EncodingErrors.TooLarge();
    }
}

internal sealed class ArrayCodec<T>(Codec<T> element) : Codec<T[]>
{
    public override void Write(EncodingWriter writer, T[] value) => Elements.Write(writer, value, element);

    public override T[] Read(EncodingReader reader) => Elements.Read(reader, element);
}

internal sealed class ListCodec<T>(Codec<T> element) : Codec<List<T>>
{
    public override void Write(EncodingWriter writer, List<T> value) => Elements.Write(writer, CollectionsMarshal.AsSpan(value), element);

    public override List<T> Read(EncodingReader reader)
    {
        T[] elements = Elements.Read(reader, element);
        var list = new List<T>(elements.Length);
        CollectionsMarshal.SetCount(list, elements.Length);
        elements.CopyTo(CollectionsMarshal.AsSpan(list));
        return list;
    }
}

internal sealed class ReadOnlyMemoryCodec<T>(Codec<T> element) : Codec<ReadOnlyMemory<T>>
{
    public override void Write(EncodingWriter writer, ReadOnlyMemory<T> value) => Elements.Write(writer, value.Span, element);

    public override ReadOnlyMemory<T> Read(EncodingReader reader) => Elements.Read(reader, element);
}

/// <summary>An array of several dimensions: the length of each, then the elements, the last index varying fastest.</summary>
internal sealed class GridCodec<TArray, T>(Codec<T> element) : Codec<TArray>
    where TArray : class
{
    private static readonly int Rank = typeof(TArray).GetArrayRank();

    public override int Smallest => Rank;

    public override void Write(EncodingWriter writer, TArray value)
    {
        var grid = (Array)(object)value;
        for (int i = 0; i < Rank; i++)
        {
            if (grid.GetLowerBound(i) != 0)
            {
                throw new CulpritException(value, path => EncodingErrors.NotEncodable(path, "it is an array that does not start at 0"));
            }

            writer.WriteVarint((ulong)grid.GetLength(i));
        }

        foreach (object? each in grid)
        {
            element.Write(writer, (T)each!);
        }
    }

    public override TArray Read(EncodingReader reader)
    {
        int[] lengths = new int[Rank];
        for (int i = 0; i < Rank; i++)
        {
            ulong length = reader.ReadVarint();
            lengths[i] = length <= (ulong)Array.MaxLength ? (int)length : throw reader.Damaged("an array is longer than one can be");
        }

        // Where one length is 0 there are no elements, however large the others are.
        Int128 product = lengths.Aggregate(Int128.One, (sofar, length) => sofar * length);
        long total = product <= reader.Left / element.Smallest ? (long)product : throw reader.Damaged("an array has more elements than there are bytes");
        var grid = Array.CreateInstance(typeof(T), lengths);
        int[] at = new int[Rank];
        for (long i = 0; i < total; i++)
        {
            grid.SetValue(element.Read(reader), at);
            for (int dimension = Rank - 1; dimension >= 0 && ++at[dimension] == lengths[dimension]; dimension--)
            {
                at[dimension] = 0;
            }
        }

        return (TArray)(object)grid;
    }
}
