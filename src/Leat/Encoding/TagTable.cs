namespace Leat.Encoding;

/// <summary>
/// The types that one encoded value names. A name stands at its first use, a number at the later ones; within dictionaries
/// and sets, whose elements are put in order afterwards, it stands at every use.
/// </summary>
internal sealed class TagTable
{
    /// <summary>There is no object.</summary>
    public const ulong Null = 0;

    /// <summary>The object is of exactly the static type.</summary>
    public const ulong Exact = 1;

    /// <summary>The object is one that is shared with others; see <see cref="ISharedObjects"/>.</summary>
    public const ulong Shared = ulong.MaxValue;

    private const ulong Inline = 2;
    private const ulong FirstNumber = 3;
    private const int LongestName = 4096;

    private readonly Dictionary<Type, int> numbers = [];
    private readonly List<Type> types = [];
    private int suspended;

    public void Suspend() => suspended++;

    public void Resume() => suspended--;

    public void Clear()
    {
        numbers.Clear();
        types.Clear();
        suspended = 0;
    }

    public void Write(EncodingWriter writer, Type type)
    {
        if (suspended > 0)
        {
            writer.WriteVarint(Inline);
            WriteName(writer, type);
            return;
        }

        bool isNew = !numbers.TryGetValue(type, out int number);
        if (isNew)
        {
            number = numbers.Count;
            numbers.Add(type, number);
        }

        writer.WriteVarint(FirstNumber + (ulong)number);
        if (isNew)
        {
            WriteName(writer, type);
        }
    }

    /// <summary>The type that a number stands for.</summary>
    /// <param name="reader">Where its name is read from, if it is new.</param>
    /// <param name="tag">The number.</param>
    /// <param name="expected">What the type must be, or be derived from.</param>
    public Type Read(EncodingReader reader, ulong tag, Type expected)
    {
        if (tag == Inline)
        {
            return ReadName(reader, expected);
        }

        ulong number = tag - FirstNumber;
        if (number < (ulong)types.Count)
        {
            Type known = types[(int)number];
            return known.IsAssignableTo(expected) ? known : throw EncodingErrors.UnknownType(TypeTag.Of(known), expected);
        }

        if (number > (ulong)types.Count)
        {
            throw reader.Damaged("a type is meant that was not named");
        }

        Type type = ReadName(reader, expected);
        types.Add(type);
        return type;
    }

    private static void WriteName(EncodingWriter writer, Type type)
    {
        byte[] name = System.Text.Encoding.UTF8.GetBytes(TypeTag.Of(type));
        writer.WriteVarint((ulong)name.Length);
        writer.WriteBytes(name);
    }

    private static Type ReadName(EncodingReader reader, Type expected)
    {
        int length = reader.ReadCount();
        if (length > LongestName)
        {
            throw reader.Damaged("the name of a type has no end");
        }

        string name = System.Text.Encoding.UTF8.GetString(reader.Take(length));
        return TypeTag.Find(name, expected) ?? throw EncodingErrors.UnknownType(name, expected);
    }
}
