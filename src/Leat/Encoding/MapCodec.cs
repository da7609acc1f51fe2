using System.Collections.Immutable;

namespace Leat.Encoding;

/// <summary>
/// A collection whose elements have no order of their own: they are ordered by the bytes of their keys, so that how it was
/// filled does not matter.
/// </summary>
internal static class Unordered
{
    /// <summary>Writes elements.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="elements">The elements.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="writeKey">Writes what they are ordered by.</param>
    /// <param name="writeRest">Writes what comes behind it.</param>
    public static void Write<T>(EncodingWriter writer, IEnumerable<T> elements, int count, Action<EncodingWriter, T> writeKey, Action<EncodingWriter, T>? writeRest)
    {
        writer.WriteVarint((ulong)count);
        int start = writer.Count;
        var pieces = new Piece[count];
        int next = 0;

        // A reference to what stands elsewhere would depend on the order.
        writer.Tags.Suspend();
        foreach (T element in elements)
        {
            int from = writer.Count;
            int before = writer.Nesting.EnterKey();
            writeKey(writer, element);
            writer.Nesting.LeaveKey(before);
            int key = writer.Count - from;
            writeRest?.Invoke(writer, element);
            pieces[next++] = new Piece(from, key, writer.Count - from);
        }

        writer.Tags.Resume();
        Array.Sort(pieces, (one, other) => writer.Compare(one.Start, one.Key, other.Start, other.Key));
        writer.Reorder(start, Array.ConvertAll(pieces, piece => (piece.Start, piece.Length)));
    }

    /// <summary>Reads a key, and checks that it comes in its order and once.</summary>
    public static T ReadKey<T>(EncodingReader reader, Codec<T> codec, ref (int Start, int Length) last)
    {
        int start = reader.Position;
        int before = reader.Nesting.EnterKey();
        T key = codec.Read(reader);
        reader.Nesting.LeaveKey(before);
        int length = reader.Position - start;
        if (last.Length >= 0 && reader.Compare(last.Start, last.Length, start, length) >= 0)
        {
            throw reader.Damaged("keys are not in their order, or one comes twice");
        }

        last = (start, length);
        return key;
    }

    private readonly record struct Piece(int Start, int Key, int Length);
}

/// <summary>How the keys of a collection are told apart: of the many comparers of .NET, those that mean the same everywhere.</summary>
internal static class Comparers
{
    private const byte Default = 0;
    private const byte OrdinalIgnoreCase = 1;
    private const byte Ordinal = 2;

    public static void Write<T>(EncodingWriter writer, IEqualityComparer<T> comparer, object owner) => writer.Write(
        IsDefault(comparer) ? Default
        : ReferenceEquals(comparer, StringComparer.OrdinalIgnoreCase) ? OrdinalIgnoreCase
        : throw new CulpritException(owner, path => EncodingErrors.NotEncodable(path, "it tells its keys apart by a comparer other than the default, Ordinal and OrdinalIgnoreCase")));

    public static IEqualityComparer<T>? Read<T>(EncodingReader reader) => reader.Read<byte>() switch
    {
        Default => null,
        OrdinalIgnoreCase when typeof(T) == typeof(string) => (IEqualityComparer<T>)(object)StringComparer.OrdinalIgnoreCase,
        byte other => throw reader.Damaged($"there is no comparer {other}"),
    };

    /// <summary>Of the orders of .NET, the default, which is that of the culture for texts, and that of the characters' numbers.</summary>
    public static void Write<T>(EncodingWriter writer, IComparer<T> comparer, object owner) => writer.Write(
        comparer == Comparer<T>.Default ? Default
        : ReferenceEquals(comparer, StringComparer.Ordinal) ? Ordinal
        : throw new CulpritException(owner, path => EncodingErrors.NotEncodable(path, "it is sorted by a comparer other than the default and Ordinal")));

    public static IComparer<T> ReadOrder<T>(EncodingReader reader) => reader.Read<byte>() switch
    {
        Default => Comparer<T>.Default,
        Ordinal when typeof(T) == typeof(string) => (IComparer<T>)(object)StringComparer.Ordinal,
        byte other => throw reader.Damaged($"there is no comparer {other}"),
    };

    private static bool IsDefault<T>(IEqualityComparer<T> comparer) =>
        comparer == EqualityComparer<T>.Default || ReferenceEquals(comparer, StringComparer.Ordinal);
}

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

/// <summary>A collection that is encoded as another one.</summary>
internal sealed class ViaCodec<T, TOther>(Codec<TOther> other, Func<T, TOther> to, Func<TOther, T> from) : Codec<T>
{
    public override int Smallest => other.Smallest;

    public override void Write(EncodingWriter writer, T value) => other.Write(writer, to(value));

    public override T Read(EncodingReader reader) => from(other.Read(reader));
}

/// <summary>The collections of .NET that are encoded as arrays, dictionaries and sets are.</summary>
internal static class Collections
{
    public static Codec<ImmutableArray<T>> ImmutableArray<T>(Codec<T[]> codec) => new ViaCodec<ImmutableArray<T>, T[]?>(
        new NullableCodec<T[]>(codec),
        value => System.Runtime.InteropServices.ImmutableCollectionsMarshal.AsArray(value)!,
        System.Runtime.InteropServices.ImmutableCollectionsMarshal.AsImmutableArray);

    public static Codec<ImmutableList<T>> ImmutableList<T>(Codec<T[]> codec) => new ViaCodec<ImmutableList<T>, T[]>(codec, value => [.. value], value => [.. value]);

    public static Codec<ImmutableQueue<T>> ImmutableQueue<T>(Codec<T[]> codec) => new ViaCodec<ImmutableQueue<T>, T[]>(codec, value => [.. value], value => [.. value]);

    // From the bottom, so that pushing makes the same stack again.
    public static Codec<ImmutableStack<T>> ImmutableStack<T>(Codec<T[]> codec) => new ViaCodec<ImmutableStack<T>, T[]>(
        codec, value => [.. value.Reverse()], value => System.Collections.Immutable.ImmutableStack.Create(value));

    public static Codec<Stack<T>> Stack<T>(Codec<T[]> codec) => new ViaCodec<Stack<T>, T[]>(codec, value => [.. value.Reverse()], value => new Stack<T>(value));

    public static Codec<Queue<T>> Queue<T>(Codec<T[]> codec) => new ViaCodec<Queue<T>, T[]>(codec, value => [.. value], value => new Queue<T>(value));

    public static Codec<LinkedList<T>> LinkedList<T>(Codec<T[]> codec) => new ViaCodec<LinkedList<T>, T[]>(codec, value => [.. value], value => new LinkedList<T>(value));

    public static Codec<Memory<T>> Memory<T>(Codec<ReadOnlyMemory<T>> codec) => new ViaCodec<Memory<T>, ReadOnlyMemory<T>>(codec, value => value, value => value.ToArray());

    public static Codec<ArraySegment<T>> ArraySegment<T>(Codec<ReadOnlyMemory<T>> codec) => new ViaCodec<ArraySegment<T>, ReadOnlyMemory<T>>(codec, value => value, value => value.ToArray());

    public static Codec<ImmutableDictionary<TKey, TValue>> ImmutableDictionary<TKey, TValue>(Codec<Dictionary<TKey, TValue>> codec)
        where TKey : notnull =>
        new ViaCodec<ImmutableDictionary<TKey, TValue>, Dictionary<TKey, TValue>>(
            codec, value => new Dictionary<TKey, TValue>(value, value.KeyComparer), value => value.ToImmutableDictionary(value.Comparer));

    public static Codec<ImmutableHashSet<T>> ImmutableHashSet<T>(Codec<HashSet<T>> codec) => new ViaCodec<ImmutableHashSet<T>, HashSet<T>>(
        codec, value => new HashSet<T>(value, value.KeyComparer), value => value.ToImmutableHashSet(value.Comparer));

    public static Codec<SortedDictionary<TKey, TValue>> SortedDictionary<TKey, TValue>(Codec<Dictionary<TKey, TValue>> codec)
        where TKey : notnull =>
        new SortedCodec<SortedDictionary<TKey, TValue>, Dictionary<TKey, TValue>, TKey>(
            codec, value => value.Comparer, value => new Dictionary<TKey, TValue>(value), (value, order) => new SortedDictionary<TKey, TValue>(value, order));

    public static Codec<SortedSet<T>> SortedSet<T>(Codec<HashSet<T>> codec) => new SortedCodec<SortedSet<T>, HashSet<T>, T>(
        codec, value => value.Comparer, value => [.. value], (value, order) => new SortedSet<T>(value, order));

    public static Codec<ImmutableSortedDictionary<TKey, TValue>> ImmutableSortedDictionary<TKey, TValue>(Codec<Dictionary<TKey, TValue>> codec)
        where TKey : notnull =>
        new SortedCodec<ImmutableSortedDictionary<TKey, TValue>, Dictionary<TKey, TValue>, TKey>(
            codec, value => value.KeyComparer, value => new Dictionary<TKey, TValue>(value), (value, order) => value.ToImmutableSortedDictionary(order));

    public static Codec<ImmutableSortedSet<T>> ImmutableSortedSet<T>(Codec<HashSet<T>> codec) => new SortedCodec<ImmutableSortedSet<T>, HashSet<T>, T>(
        codec, value => value.KeyComparer, value => [.. value], (value, order) => value.ToImmutableSortedSet(order));
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
