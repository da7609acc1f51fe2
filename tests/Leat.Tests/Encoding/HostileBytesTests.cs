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
        // LEAT_REPEAT=4 makes it a million.
        int rounds = 25_000 * Repeat.Times(1);
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

    [Fact(Timeout = 60_000)]
    public Task Deep_bytes_do_not_use_up_the_stack() => Task.Run(() =>
    {
        byte[] nodes = [BinaryEncoding.Version, .. Enumerable.Range(0, 400_000).SelectMany(_ => new byte[] { 0, 0, 0, 0, 1, 1 })];
        Assert.Throws<EncodingException>(() => BinaryEncoding.Decode<Node>(nodes));
        byte[] links = [BinaryEncoding.Version, 1, 0, 1, .. Enumerable.Repeat((byte)1, 400_000), 0];
        Assert.Equal("LEAT0038", Assert.Throws<EncodingException>(() => BinaryEncoding.Decode<HashSet<Link>>(links)).Code);
    });

    [Fact]
    public void Promises_within_promises_allocate_no_more_than_one()
    {
        // Each level announces as many elements as there are bytes.
        var writer = new EncodingWriter();
        writer.Write(BinaryEncoding.Version);
        for (int i = 0; i < 10_000; i++)
        {
            writer.WriteVarint(1);
            writer.WriteVarint(1);
            writer.WriteVarint((ulong)(40_000 - (5 * i)) / 2);
        }

        byte[] bytes = [.. writer.Written, .. new byte[40_000]];
        long before = GC.GetTotalAllocatedBytes();
        Assert.Throws<EncodingException>(() => BinaryEncoding.Decode<Tree>(bytes));
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 20_000_000);
    }

    [Theory]
    [InlineData("System.Private.CoreLib!System.Void")]
    [InlineData("System.Private.CoreLib!System.Void[]")]
    [InlineData("System.Private.CoreLib!System.TypedReference[]")]
    [InlineData("System.Private.CoreLib!System.Span`1{System.Private.CoreLib!System.Byte}[]")]
    [InlineData("System.Private.CoreLib!System.Array")]
    [InlineData("System.Private.CoreLib!System.Threading.Tasks.TaskScheduler")]
    [InlineData("System.Private.CoreLib!System.IO.FileInfo")]
    [InlineData("System.Private.CoreLib!System.Int32[][][][][][][][][][][][][][][][]")]
    [InlineData("Leat.Tests!Leat.Tests.Encoding.Animal")]
    [InlineData("Leat.Tests!")]
    [InlineData("!")]
    [InlineData("")]
    public void Names_of_what_is_no_value_are_refused(string name)
    {
        var writer = new EncodingWriter();
        writer.Write(BinaryEncoding.Version);
        writer.WriteVarint(3);
        writer.WriteVarint((ulong)name.Length);
        writer.WriteBytes(System.Text.Encoding.ASCII.GetBytes(name));
        writer.WriteBytes(new byte[64]);
        byte[] bytes = writer.Written.ToArray();
        Assert.Throws<EncodingException>(() => BinaryEncoding.Decode<object>(bytes));
    }

    [Fact]
    public void What_others_throw_at_bytes_is_told_as_such()
    {
        byte[] version = BinaryEncoding.Encode(new Version(1, 2));
        "9999999999.9"u8.CopyTo(Resized(ref version, 15).AsSpan(3));
        version[2] = 12;
        Assert.Equal("LEAT0039", Assert.Throws<EncodingException>(() => BinaryEncoding.Decode<Version>(version)).Code);

        static byte[] Resized(ref byte[] bytes, int length)
        {
            Array.Resize(ref bytes, length);
            return bytes;
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
