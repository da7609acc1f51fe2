using System.Text;
using Leat.Encoding;

namespace Leat.Tests.Encoding;

public sealed class BinaryEncodingTests
{
    public static TheoryData<string> Kinds { get; } = new(Samples.All.Keys);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Values_come_back_as_they_were_and_encode_the_same_again(string kind) => Samples.All[kind](new Checker());

    [Fact]
    public void The_bytes_are_those_of_the_documentation()
    {
        var text = new StringBuilder();
        foreach ((string kind, Action<Checker> check) in Samples.All.OrderBy(each => each.Key, StringComparer.Ordinal))
        {
            var checker = new Checker();
            check(checker);
            foreach (byte[] bytes in checker.Encoded)
            {
                text.Append(kind).Append(": ").Append(bytes.Length).Append(" bytes ").AppendLine(Convert.ToHexStringLower(bytes.AsSpan(0, Math.Min(bytes.Length, 80))));
            }
        }

        Approved.Text(text.ToString());
    }

    [Fact]
    public void The_order_in_which_a_collection_was_filled_does_not_matter()
    {
        int[] keys = [.. Enumerable.Range(0, 500)];
        for (int i = 0; i < 20; i++)
        {
            int[] other = [.. keys];
            new Random(i).Shuffle(other);
            Assert.Equal(BinaryEncoding.Encode(keys.ToHashSet()), BinaryEncoding.Encode(other.ToHashSet()));
            Assert.Equal(BinaryEncoding.Encode(keys.ToDictionary(k => $"{k}", k => (object)new Circle($"{k}", k))), BinaryEncoding.Encode(other.ToDictionary(k => $"{k}", k => (object)new Circle($"{k}", k))));
        }
    }

    [Fact]
    public void Comparers_that_mean_the_same_everywhere_travel()
    {
        var map = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase) { ["A"] = 1 };
        Assert.Equal(1, BinaryEncoding.Decode<Dictionary<string, int>>(BinaryEncoding.Encode(map))["a"]);
        Assert.Equal(
            BinaryEncoding.Encode(new Dictionary<string, int> { ["A"] = 1 }),
            BinaryEncoding.Encode(new Dictionary<string, int>(StringComparer.Ordinal) { ["A"] = 1 }));
    }

    [Fact]
    public void Private_fields_of_base_classes_travel_and_fields_that_are_not_meant_to_do_not()
    {
        Animal back = BinaryEncoding.Decode<Animal>(BinaryEncoding.Encode<Animal>(new Dog("Rex") { Bark = 3 }));
        Dog dog = Assert.IsType<Dog>(back);
        Assert.Equal((4, "Rex", 0), (dog.Legs, dog.Name, dog.Bark));
    }

    [Fact]
    public void A_codec_of_the_author_s_is_used()
    {
        byte[] bytes = BinaryEncoding.Encode(new[] { new Backwards("abc"), null });
        Assert.Equal("abc", BinaryEncoding.Decode<Backwards?[]>(bytes)[0]!.Text);
        Assert.True(bytes.AsSpan().IndexOf("c\0b\0a\0"u8) > 0);
    }

    [Fact(Timeout = 60_000)]
    public Task A_chain_of_a_hundred_thousand_objects_travels() => Task.Run(() =>
    {
        Chain? chain = null;
        for (int i = 0; i < 100_000; i++) chain = new Chain { Value = i, Next = chain };
        Chain? back = BinaryEncoding.Decode<Chain?>(BinaryEncoding.Encode(chain));
        for (int i = 100_000 - 1; i >= 0; i--)
        {
            Assert.Equal(i, back!.Value);
            back = back.Next;
        }

        Assert.Null(back);
    });

    [Fact(Timeout = 60_000)]
    public Task Structs_that_nest_without_references_go_as_deep() => Task.Run(() =>
    {
        Node node = default;
        for (int i = 0; i < 100_000; i++) node = new Node(i, [node]);
        byte[] bytes = BinaryEncoding.Encode(node);
        Assert.Equal(99_999, BinaryEncoding.Decode<Node>(bytes).Value);
    });

    [Fact]
    public void Sorted_collections_keep_their_order()
    {
        var set = new SortedSet<string>(StringComparer.Ordinal) { "B", "a", "C", "ab", "a\u00ADb" };
        Assert.Equal(set, BinaryEncoding.Decode<SortedSet<string>>(BinaryEncoding.Encode(set)));
        Assert.Same(StringComparer.Ordinal, BinaryEncoding.Decode<SortedSet<string>>(BinaryEncoding.Encode(set)).Comparer);
    }

    [Fact]
    public void Derived_classes_of_NET_that_nobody_sees_are_encoded_as_what_they_are()
    {
        Assert.Equal(System.Net.IPAddress.Loopback, BinaryEncoding.Decode<System.Net.IPAddress>(BinaryEncoding.Encode(System.Net.IPAddress.Loopback)));
        Assert.Equal("de", BinaryEncoding.Decode<System.Globalization.CultureInfo>(BinaryEncoding.Encode(System.Globalization.CultureInfo.GetCultureInfo("de"))).Name);
    }

    [Fact]
    public void The_bytes_of_another_version_are_refused()
    {
        EncodingException error = Assert.Throws<EncodingException>(() => BinaryEncoding.Decode<int>(new byte[] { 9, 0, 0, 0, 0 }));
        Assert.Equal("LEAT0035", error.Code);
    }

    [Fact]
    public void Eight_threads_may_start_at_once_with_types_that_are_new() => Parallel.For(0, 8, _ =>
    {
        for (int i = 0; i < 100; i++)
        {
            byte[] bytes = BinaryEncoding.Encode(new Dictionary<Guid, List<(Half, Chain?)>> { [Samples.Peak.Id] = [((Half)1, new Chain { Value = i })] });
            Assert.Equal(i, BinaryEncoding.Decode<Dictionary<Guid, List<(Half, Chain?)>>>(bytes)[Samples.Peak.Id][0].Item2!.Value);
        }
    });
}
