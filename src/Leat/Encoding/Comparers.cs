namespace Leat.Encoding;

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
