using System.Collections.Immutable;

namespace Leat.Encoding;

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
