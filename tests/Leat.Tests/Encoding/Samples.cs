using System.Collections.Immutable;
using System.Numerics;
using System.Text;
using Leat.Encoding;

namespace Leat.Tests.Encoding;

internal enum Grade : short
{
    Low = -1,
    High = 300,
}

internal sealed record Peak(double Mass, float Intensity, int Charge, string Label, DateTime At, bool Picked, long Scan, Guid Id, Grade Grade, char Mark);

internal record Shape(string Name);

internal sealed record Circle(string Name, double Radius) : Shape(Name);

internal sealed record Square(string Name, double Side) : Shape(Name);

internal abstract class Animal
{
    private readonly int legs;

    protected Animal(int legs) => this.legs = legs;

    public int Legs => legs;
}

internal sealed class Dog(string name) : Animal(4)
{
    public string Name { get; } = name;

    [field: NonSerialized]
    public int Bark { get; set; }
}

internal sealed class Chain
{
    public int Value { get; init; }

    public Chain? Next { get; set; }
}

internal struct Padded
{
    public byte Small;
    public int Large;
}

internal readonly record struct Node(int Value, ImmutableArray<Node> Kids);

internal sealed record Link
{
    public Link? Next { get; init; }
}

internal sealed class Tree
{
    public Tree[]? Kids { get; set; }
}

internal readonly record struct Packed(int X, int Y, double Z);

internal sealed class Empty;

/// <summary>Encoded by a codec of its own: the text in reverse.</summary>
[Codec(typeof(BackwardsCodec))]
internal sealed class Backwards(string text)
{
    public string Text { get; } = text;
}

#pragma warning disable CA1812 // Made by its name in the attribute.
internal sealed class BackwardsCodec : ICodec<Backwards>
{
    public void Write(EncodingWriter writer, Backwards value)
    {
        writer.WriteValue<Shape>(new Circle("c", 1));
        writer.WriteVarint((ulong)value.Text.Length);
        foreach (char c in value.Text.Reverse()) writer.Write(c);
    }

    public Backwards Read(EncodingReader reader)
    {
        if (reader.ReadValue<Shape>() is not Circle) throw reader.Damaged("the circle is gone");
        char[] text = new char[reader.ReadCount(sizeof(char))];
        for (int i = text.Length - 1; i >= 0; i--) text[i] = reader.Read<char>();
        return new Backwards(new string(text));
    }
}

#pragma warning restore CA1812

/// <summary>One value of every kind, as types and texts that compare well.</summary>
internal static class Samples
{
    public static Peak Peak { get; } = new(
        445.12, 1e6f, 2, "äöü 𝄞", new DateTime(2026, 11, 21, 12, 0, 0, DateTimeKind.Utc), true, 17, new Guid("00112233-4455-6677-8899-aabbccddeeff"), Grade.High, 'x');

    public static IReadOnlyDictionary<string, Action<Checker>> All { get; } = new Dictionary<string, Action<Checker>>(StringComparer.Ordinal)
    {
        ["bool"] = c => c.Check(true, false),
        ["sbyte"] = c => c.Check<sbyte>(-128, 0, 127),
        ["int"] = c => c.Check(0, 1, -1, int.MinValue, int.MaxValue),
        ["ulong"] = c => c.Check(0UL, ulong.MaxValue),
        ["Int128"] = c => c.Check(Int128.MinValue, Int128.One),
        ["Half"] = c => c.Check((Half)1.5, Half.NaN),
        ["double"] = c => c.Check(0.0, -0.0, double.NaN, BitConverter.Int64BitsToDouble(0x7FF8000000000001), double.Epsilon, double.NegativeInfinity),
        ["decimal"] = c => c.Check(1.0m, 1.00m, decimal.MinValue, 0.0000000000000000000000000001m),
        ["char"] = c => c.Check('a', '\uD800', '\0'),
        ["string"] = c => c.Check("", "a", "ä€𝄞", "\uD800", "\uDC00\uD800", "a\uDBFFb\uDFFF", new string('x', 1000), null),
        ["DateTime"] = c => c.Check(DateTime.MinValue, DateTime.MaxValue, new DateTime(5, DateTimeKind.Utc), new DateTime(5, DateTimeKind.Local)),
        ["DateTimeOffset"] = c => c.Check(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.FromHours(2)), DateTimeOffset.MinValue),
        ["DateOnly"] = c => c.Check(DateOnly.MinValue, DateOnly.MaxValue),
        ["TimeOnly"] = c => c.Check(TimeOnly.MinValue, TimeOnly.MaxValue),
        ["TimeSpan"] = c => c.Check(TimeSpan.Zero, TimeSpan.MinValue),
        ["Guid"] = c => c.Check(Guid.Empty, Peak.Id),
        ["BigInteger"] = c => c.Check(BigInteger.Zero, BigInteger.Pow(2, 200), -BigInteger.Pow(2, 127)),
        ["Complex"] = c => c.Check(new Complex(1, -2)),
        ["Rune"] = c => c.Check(new Rune('a'), new Rune(0x1D11E)),
        ["Uri"] = c => c.Check(new Uri("https://example.org/a?b"), new Uri("a/b", UriKind.Relative), null),
        ["Version"] = c => c.Check(new Version(1, 2, 3)),
        ["enum"] = c => c.Check(Grade.Low, Grade.High, (Grade)77),
        ["int?"] = c => c.Check<int?>(null, 0, 5),
        ["tuple"] = c => c.Check((1, "a", (2.5, true)), (0, null, (0, false))),
        ["Tuple"] = c => c.Check(Tuple.Create(1, "a"), null),
        ["KeyValuePair"] = c => c.Check(KeyValuePair.Create("a", 1)),
        ["int[]"] = c => c.Check<int[]?>([], [1, 2, 3], null),
        ["bool[]"] = c => c.Check<bool[]>([true, false]),
        ["string[]"] = c => c.Check<string?[]>(["a", null, ""]),
        ["int[][]"] = c => c.Check<int[]?[]>([[1], null, []]),
#pragma warning disable CA1814 // They are what is tested.
        ["int[,]"] = c => c.Check(new[,] { { 1, 2, 3 }, { 4, 5, 6 } }, new int[0, 5], new int[3, 0]),
        ["string[,,]"] = c => c.Check(new[, ,] { { { "a" }, { "b" } } }),
#pragma warning restore CA1814
        ["List"] = c => c.Check<List<string?>?>([], ["a", null], null),
        ["Dictionary"] = c => c.Check(new Dictionary<string, int> { ["b"] = 1, ["a"] = 2 }, []),
        ["HashSet"] = c => c.Check(new HashSet<int> { 3, 1, 2 }),
        ["SortedDictionary"] = c => c.Check(new SortedDictionary<int, string> { [2] = "b", [1] = "a" }),
        ["SortedSet"] = c => c.Check(new SortedSet<string> { "b", "a" }),
        ["Queue"] = c => c.Check(new Queue<int>([1, 2, 3])),
        ["Stack"] = c => c.Check(new Stack<int>([1, 2, 3])),
        ["LinkedList"] = c => c.Check(new LinkedList<int>([1, 2, 3])),
        ["ImmutableArray"] = c => c.Check<ImmutableArray<int>>([1, 2], []),
        ["ImmutableList"] = c => c.Check<ImmutableList<string>>(["a", "b"]),
        ["ImmutableQueue"] = c => c.Check<ImmutableQueue<int>>([1, 2]),
        ["ImmutableStack"] = c => c.Check(ImmutableStack.Create(1, 2)),
        ["ImmutableDictionary"] = c => c.Check(ImmutableDictionary<string, int>.Empty.Add("a", 1).Add("b", 2)),
        ["ImmutableHashSet"] = c => c.Check(ImmutableHashSet.Create("a", "b")),
        ["ImmutableSortedDictionary"] = c => c.Check(ImmutableSortedDictionary<int, int>.Empty.Add(2, 1).Add(1, 2)),
        ["ImmutableSortedSet"] = c => c.Check(ImmutableSortedSet.Create(2, 1)),
        ["record"] = c => c.Check(Peak, null),
        ["record[]"] = c => c.Check<Peak[]>([Peak, Peak with { Charge = 3 }]),
        ["derived records"] = c => c.Check<Shape?[]>([new Shape("s"), new Circle("c", 1), new Square("q", 2), new Circle("d", 3), null]),
        ["objects without fields"] = c => c.Check<Empty?[]>([new Empty(), null]),
        ["links"] = c => c.Check<Link?>(new Link { Next = new Link() }),
        ["trees"] = c => c.Check<Tree>(new Tree { Kids = [new Tree(), new Tree { Kids = [] }] }),
        ["packed structs"] = c => c.Check<Packed[]>([new Packed(1, 2, 3), default]),
        ["padded structs"] = c => c.Check<Padded[]>([new Padded { Small = 1, Large = 2 }]),
        ["objects"] = c => c.Check<object?[]>([1, "a", null, 2.5, new List<int> { 1 }, new[] { 1, 2 }, (1, "b"), Peak, Grade.Low, 1]),
        ["interfaces"] = c => c.Check<IReadOnlyList<int>[]>([[1, 2], new List<int> { 3 }, new[] { 4 }]),
        ["dictionary of objects"] = c => c.Check(new Dictionary<string, object> { ["b"] = new Circle("c", 1), ["a"] = new Circle("d", 2), ["c"] = 5 }),
    };
}
