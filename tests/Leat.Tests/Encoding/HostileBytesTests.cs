using Leat.Encoding;

namespace Leat.Tests.Encoding;

/// <summary>Damaged or malicious bytes give an error or a value, never anything else.</summary>
public sealed class HostileBytesTests
{
    private static readonly Func<byte[], object?>[] Decoders =
    [
        bytes => BinaryEncoding.Decode<Peak?>(bytes),
        bytes => BinaryEncoding.Decode<Peak[]>(bytes),
        bytes => BinaryEncoding.Decode<Shape?[]>(bytes),
        bytes => BinaryEncoding.Decode<object?[]>(bytes),
        bytes => BinaryEncoding.Decode<Dictionary<string, object>>(bytes),
        bytes => BinaryEncoding.Decode<HashSet<decimal>>(bytes),
        bytes => BinaryEncoding.Decode<string?[]>(bytes),
        bytes => BinaryEncoding.Decode<int[,]>(bytes),
        bytes => BinaryEncoding.Decode<Packed[]>(bytes),
        bytes => BinaryEncoding.Decode<Chain?>(bytes),
        bytes => BinaryEncoding.Decode<(DateTime, DateTimeOffset, bool?)[]>(bytes),
        bytes => BinaryEncoding.Decode<IReadOnlyList<int>[]>(bytes),
    ];

    [Fact(Timeout = 600_000)]
    public Task Mutated_bytes_give_a_value_or_the_error_that_is_meant_for_them() => Task.Run(() =>
    {
        byte[][] seeds =
        [
            BinaryEncoding.Encode<Peak?>(Samples.Peak),
            BinaryEncoding.Encode<Peak[]>([Samples.Peak, Samples.Peak]),
            BinaryEncoding.Encode<Shape?[]>([new Shape("s"), new Circle("c", 1), new Square("q", 2), null]),
            BinaryEncoding.Encode<object?[]>([1, "a", null, new List<int> { 1 }, new[] { 1 }, (1, "b"), Samples.Peak]),
            BinaryEncoding.Encode(new Dictionary<string, object> { ["a"] = new Circle("d", 2), ["b"] = 5 }),
            BinaryEncoding.Encode(new HashSet<decimal> { 1, 2.5m }),
            BinaryEncoding.Encode<string?[]>(["a", null, "ä€𝄞", "\uD800"]),
#pragma warning disable CA1814 // It is what is tested.
            BinaryEncoding.Encode(new[,] { { 1, 2, 3 }, { 4, 5, 6 } }),
#pragma warning restore CA1814
            BinaryEncoding.Encode<Packed[]>([new Packed(1, 2, 3)]),
            BinaryEncoding.Encode<Chain?>(new Chain { Next = new Chain { Next = new Chain() } }),
            BinaryEncoding.Encode<(DateTime, DateTimeOffset, bool?)[]>([(DateTime.MinValue, DateTimeOffset.MaxValue, true), default]),
            BinaryEncoding.Encode<IReadOnlyList<int>[]>([[1, 2], new List<int> { 3 }]),
        ];
        int rounds = 85_000 * Repeat.Times(1);
        long before = GC.GetAllocatedBytesForCurrentThread();
        int good = 0;
        for (int which = 0; which < Decoders.Length; which++)
        {
            var random = new Random(which);
            for (int i = 0; i < rounds; i++)
            {
                byte[] bytes = Mutate(seeds[i % 3 == 0 ? random.Next(seeds.Length) : which], random);
                try
                {
                    Decoders[which](bytes);
                    good++;
                }
                catch (EncodingException)
                {
                    // As it should be.
                }
            }
        }

        Assert.InRange(good, 1, Decoders.Length * rounds);
        long each = (GC.GetAllocatedBytesForCurrentThread() - before) / (Decoders.Length * rounds);
        Assert.True(each < 100_000, $"{each} bytes were allocated for the average input.");
    });

    [Fact]
    public void A_length_that_is_a_lie_allocates_nothing()
    {
        foreach (ulong length in new ulong[] { 1_000, int.MaxValue, ulong.MaxValue })
        {
            var writer = new EncodingWriter();
            writer.Write(BinaryEncoding.Version);
            writer.WriteVarint(1);
            writer.WriteVarint(length);
            byte[] bytes = writer.Written.ToArray();
            long before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Equal("LEAT0031", Assert.Throws<EncodingException>(() => BinaryEncoding.Decode<long[]>(bytes)).Code);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
        }
    }

    [Fact]
    public void A_type_that_was_not_expected_is_refused()
    {
        byte[] bytes = BinaryEncoding.Encode<object>(new Circle("c", 1));
        EncodingException error = Assert.Throws<EncodingException>(() => BinaryEncoding.Decode<Animal>(bytes));
        Assert.Equal("LEAT0036", error.Code);
        Assert.Contains("Circle", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_out_of_order_are_no_value()
    {
        byte[] bytes = BinaryEncoding.Encode(new HashSet<byte> { 1, 2 });
        (bytes[^1], bytes[^2]) = (bytes[^2], bytes[^1]);
        Assert.Throws<EncodingException>(() => BinaryEncoding.Decode<HashSet<byte>>(bytes));
        bytes[^1] = bytes[^2];
        Assert.Throws<EncodingException>(() => BinaryEncoding.Decode<HashSet<byte>>(bytes));
    }

    private static byte[] Mutate(byte[] seed, Random random)
    {
        List<byte> bytes = [.. seed];
        for (int i = random.Next(1, 5); i > 0 && bytes.Count > 1; i--)
        {
            int at = random.Next(1, bytes.Count);
            switch (random.Next(5))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 2: bytes.RemoveAt(at); break;
                case 3: bytes.Insert(at, (byte)random.Next(256)); break;
                default: bytes.RemoveRange(at, bytes.Count - at); break;
            }
        }

        return [.. bytes];
    }
}
