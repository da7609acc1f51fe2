namespace Leat.Encoding;

/// <summary>A collection that is encoded as another one.</summary>
internal sealed class ViaCodec<T, TOther>(Codec<TOther> other, Func<T, TOther> to, Func<TOther, T> from) : Codec<T>
{
    public override int Smallest => other.Smallest;

    public override void Write(EncodingWriter writer, T value) => other.Write(writer, to(value));

    public override T Read(EncodingReader reader) => from(other.Read(reader));
}

/// <summary>A sorted collection: its order, then what it holds as a collection without one.</summary>
internal sealed class SortedCodec<T, TOther, TKey>(Codec<TOther> other, Func<T, IComparer<TKey>> orderOf, Func<T, TOther> to, Func<TOther, IComparer<TKey>, T> from) : Codec<T>
    where T : class, System.Collections.IEnumerable
    where TOther : System.Collections.IEnumerable
{
    public override int Smallest => 1 + other.Smallest;

    public override void Write(EncodingWriter writer, T value)
    {
        Comparers.Write(writer, orderOf(value), value);
        other.Write(writer, to(value));
    }

    public override T Read(EncodingReader reader)
    {
        IComparer<TKey> order = Comparers.ReadOrder<TKey>(reader);
        TOther elements = other.Read(reader);
        T sorted = from(elements, order);

        // Two texts may be one to the culture of this process.
        return Count(sorted) == Count(elements) ? sorted : throw reader.Damaged("two keys are the same in the order of this process");
    }

    private static int Count(System.Collections.IEnumerable elements)
    {
        int count = 0;
        foreach (object? _ in elements)
        {
            count++;
        }

        return count;
    }
}
