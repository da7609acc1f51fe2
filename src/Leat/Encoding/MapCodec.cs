namespace Leat.Encoding;

internal sealed class DictionaryCodec<TKey, TValue>(Codec<TKey> key, Codec<TValue> value) : Codec<Dictionary<TKey, TValue>>
    where TKey : notnull
{
    public override int Smallest => 2;

    public override void Write(EncodingWriter writer, Dictionary<TKey, TValue> map)
    {
        Comparers.Write(writer, map.Comparer, map);
        Unordered.Write(writer, map, map.Count, (w, entry) => key.Write(w, entry.Key), (w, entry) => value.Write(w, entry.Value));
    }

    public override Dictionary<TKey, TValue> Read(EncodingReader reader)
    {
        var map = new Dictionary<TKey, TValue>(Comparers.Read<TKey>(reader));
        int smallest = key.Smallest + value.Smallest;
        int count = reader.ReadCount(smallest);
        reader.Promise((long)count * smallest);
        (int, int) last = (0, -1);
        for (int i = 0; i < count; i++)
        {
            reader.Promise(-smallest);
            TKey k = Unordered.ReadKey(reader, key, ref last);
            if (k is null || !map.TryAdd(k, value.Read(reader)))
            {
                throw reader.Damaged("a key is missing, or comes twice");
            }
        }

        return map;
    }
}

internal sealed class SetCodec<T>(Codec<T> element) : Codec<HashSet<T>>
{
    public override int Smallest => 2;

    public override void Write(EncodingWriter writer, HashSet<T> set)
    {
        Comparers.Write(writer, set.Comparer, set);
        Unordered.Write(writer, set, set.Count, element.Write, null);
    }

    public override HashSet<T> Read(EncodingReader reader)
    {
        var set = new HashSet<T>(Comparers.Read<T>(reader));
        int count = reader.ReadCount(element.Smallest);
        reader.Promise((long)count * element.Smallest);
        (int, int) last = (0, -1);
        for (int i = 0; i < count; i++)
        {
            reader.Promise(-element.Smallest);
            T each = Unordered.ReadKey(reader, element, ref last);
            if (!set.Add(each))
            {
                throw reader.Damaged("an element comes twice");
            }
        }

        return set;
    }
}
