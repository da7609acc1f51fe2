using Leat.Encoding;
using Leat.Tests.Tree;

namespace Leat.Tests.Encoding;

/// <summary>What can't travel is refused, with the way to it.</summary>
public sealed class RefusalTests
{
    [Fact]
    public void What_a_type_can_not_hold_is_told_with_the_way_to_it()
    {
        Refused<Stream>("LEAT0032: A Stream can't be encoded: it is a stream, open in this process alone; pass the path of a file, or the content.");
        Refused<Order>("LEAT0032: Order.Customer.Clients[] (HttpClient) can't be encoded: it is an object of .NET that belongs to this process.");
        Refused<(int, Func<int>)[]>("LEAT0032: ValueTuple<Int32, Func<Int32>>[][].Item2 (Func<int>) can't be encoded: it is a delegate, code and not data.".Replace("Func<int>", "Func<Int32>", StringComparison.Ordinal));
        Refused<Dictionary<string, Task<int>>>("LEAT0032: Dictionary<String, Task<Int32>>.Values[] (Task<Int32>) can't be encoded: it is a task, at work in this process; await it first.");
        Refused<nint>("LEAT0032: A IntPtr can't be encoded: it is a place in this process's memory.");
        Refused<CancellationToken>("LEAT0032: A CancellationToken can't be encoded: it is cancelled in this process alone; take a CancellationToken parameter in the lambda instead.");
        Refused<Names>("LEAT0032: A Names can't be encoded: it is derived from List<String> of .NET; hold one in a field instead, or give it a codec.");
        Refused<Four>("LEAT0032: A Four can't be encoded: it is memory with more in it than its fields; use an array.");
        Refused<System.Numerics.Vector<int>>("LEAT0032: A Vector<Int32> can't be encoded: it is memory with more in it than its fields; use an array.");
        Refused<Type>("LEAT0032: A Type can't be encoded: it is a part of a program; pass its name.");
    }

    [Fact]
    public void What_an_object_turns_out_to_be_is_told_with_the_way_to_it()
    {
        EncodingException error = Assert.Throws<EncodingException>(() => BinaryEncoding.Encode(new Box { Items = [1, new Box { Items = [new MemoryStream()] }] }));
        Assert.Equal("LEAT0032", error.Code);
        Assert.StartsWith("LEAT0032: Box.Items[1].Items[0] (MemoryStream) can't be encoded", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cycle_is_told_with_the_way_back()
    {
        var chain = new Chain();
        chain.Next = new Chain { Next = chain };
        EncodingException error = Assert.Throws<EncodingException>(() => BinaryEncoding.Encode(chain));
        Assert.Equal("LEAT0033", error.Code);
        Assert.Contains("Chain.Next", error.Message, StringComparison.Ordinal);

        // The writer that was in the middle of it is not used again.
        Assert.Equal(7, BinaryEncoding.Decode<Chain>(BinaryEncoding.Encode(new Chain { Value = 7 })).Value);
    }

    [Fact]
    public void An_object_that_is_part_twice_is_no_cycle()
    {
        var shared = new Chain { Value = 5 };
        Chain[] back = BinaryEncoding.Decode<Chain[]>(BinaryEncoding.Encode<Chain[]>([shared, shared]));
        Assert.Equal([5, 5], back.Select(chain => chain.Value));
    }

    [Fact]
    public void A_comparer_that_only_this_process_knows_is_refused()
    {
        EncodingException error = Assert.Throws<EncodingException>(() => BinaryEncoding.Encode(new HashSet<string>(StringComparer.CurrentCulture)));
        Assert.Contains("comparer", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void More_than_an_array_holds_is_told()
    {
        // Never touched, so it takes no memory.
        long[] large = GC.AllocateUninitializedArray<long>(300_000_000);
        Assert.Equal("LEAT0034", Assert.Throws<EncodingException>(() => BinaryEncoding.Encode(large)).Code);
    }

    [Fact]
    public void What_is_computed_half_way_is_refused_and_not_run_to_its_end()
    {
        static IEnumerable<int> Endless()
        {
            while (true) yield return 1;
        }

        Assert.Equal("LEAT0032", Assert.Throws<EncodingException>(() => BinaryEncoding.Encode(Endless())).Code);
        Assert.Equal("LEAT0032", Assert.Throws<EncodingException>(() => BinaryEncoding.Encode(Enumerable.Repeat(1, 300_000_000))).Code);
        Assert.Equal("LEAT0032", Assert.Throws<EncodingException>(() => BinaryEncoding.Encode(Enumerable.Repeat(1, int.MaxValue).Select(x => x))).Code);
    }

    [Fact]
    public void A_collection_that_was_never_made_does_not_hide_the_culprit()
    {
        var value = new { A = default(System.Collections.Immutable.ImmutableArray<int>), B = new object[] { new MemoryStream() } };
        Assert.Contains(".B[0] (MemoryStream)", Assert.Throws<EncodingException>(() => BinaryEncoding.Encode(value)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_codec_that_is_none_is_told() =>
        Assert.Equal("LEAT0037", Assert.Throws<EncodingException>(() => BinaryEncoding.Encode(new Mistaken())).Code);

    [Fact(Timeout = 60_000)]
    public async Task A_codec_of_a_type_that_always_has_Leat_s_is_told()
    {
        byte[] library = [.. Compiled.Library(("Shouting.cs", """
            using Leat.Encoding;
            [assembly: Codec(typeof(Shouting))]
            public sealed class Shouting : ICodec<string>
            {
                public void Write(EncodingWriter writer, string value) => writer.WriteValue(value.ToUpperInvariant());
                public string Read(EncodingReader reader) => reader.ReadValue<string>();
            }
            """))];
        // In a process of its own, as from then on nothing else can be encoded there.
        await using Pool pool = Pool.Processes(1);
        string told = await (new[] { library } | Stage.Map<byte[], string>(EncodeWith).On(pool)).SingleAsync();
        Assert.Equal("LEAT0037: Shouting is named as the codec of String, but numbers, bool, char and string have no other codec than Leat's.", told);
    }

    private static string EncodeWith(byte[] library)
    {
        System.Reflection.Assembly.Load(library);
        return Assert.Throws<EncodingException>(() => BinaryEncoding.Encode(new Version(1, 2))).Message;
    }

    private static void Refused<T>(string message) =>
        Assert.Equal(message, Assert.Throws<EncodingException>(() => BinaryEncoding.Encode<T>(default!)).Message);

#pragma warning disable CA1812 // Only their types matter.
    private sealed class Names : List<string>;

    [System.Runtime.CompilerServices.InlineArray(4)]
    private struct Four
    {
        private int first;
    }

    private sealed class Order
    {
        public Person? Customer { get; set; }
    }

    private sealed class Person
    {
        public List<HttpClient> Clients { get; } = [];
    }
#pragma warning restore CA1812

    private sealed class Box
    {
        public object[] Items { get; init; } = [];
    }

    [Codec(typeof(BackwardsCodec))]
    private sealed class Mistaken;
}
