namespace Leat.Tests.Code;

/// <summary>A captured <c>this</c> travels by those of its fields that the delegate reads.</summary>
public sealed class PortableThisTests(ITestOutputHelper output)
{
    private readonly StreamWriter log = StreamWriter.Null;
    private readonly int factor = 3;
    private int count;

    [Fact]
    public void What_is_not_read_does_not_hinder()
    {
        output.WriteLine(log.NewLine);
        int summand = 1;
        Assert.Equal(6, Travel.There((int x) => x * factor)(2));
        Assert.Equal(7, Travel.There((int x) => (x * factor) + summand)(2));
        Assert.Equal(9, Travel.There<Func<int, int>>(Times)(3));
    }

    [Fact]
    public void What_is_read_and_can_not_go_is_named() => Assert.StartsWith(
        "LEAT0054: The captured 'this' (PortableThisTests) in the lambda at PortableThisTests.cs:",
        Travel.Refused(() => log.NewLine).Message, StringComparison.Ordinal);

    [Fact]
    public void All_of_it_travels_when_it_gets_out_of_sight() => Assert.Contains(
        "can't go to another process: its field 'output'", Travel.Refused(() => ReferenceEquals(output, this)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_write_to_its_field_is_refused()
    {
        Assert.Matches(
            "^LEAT0053: The code of the lambda at PortableThisTests.cs:[0-9]+ writes to the field 'count' of the captured 'this'\\. In another process that is a copy",
            Travel.Refused(() => count++).Message);
        // What the object does to itself within a method of it is its own affair.
        Assert.Equal(1, Travel.There(() => Next())());
        Assert.Equal(0, count);
    }

    [Fact]
    public void Objects_of_several_kinds_travel()
    {
        var form = new Form("f") { Size = 5 };
        Assert.Equal(5, Travel.There(form.Area())());
        Assert.Equal("LEAT0054", Travel.Refused(form.Whole()).Code);
        var round = new Disc { Name = "d" };
        Assert.Equal("d 7 base", Travel.There(round.Describe())());
        Assert.Equal("LEAT0054", Travel.Refused(new WithComponent { Size = 1 }.Whole()).Code);
        Assert.Equal(1, Travel.There(new WithComponent { Size = 1 }.Part())());
    }

    [Fact]
    public void Its_delegates_travel_and_share_it()
    {
        var steps = new Steps();
        Func<int, int> there = Travel.There(steps.Both());
        Assert.Equal([4, 6], [there(1), there(2)]);
        Assert.Equal(4, Travel.There<Func<int, int>>(new Func<int, int>(x => x + 3).Invoke)(1));
    }

    [Fact]
    public void Delegates_that_share_an_object_share_it_there()
    {
        var counter = new Counter();
        Action add = counter.Add;
        Func<int> get = () => counter.Value;
        Func<int> add2 = counter.Twice();
        Assert.Equal(2, Travel.There(add2)());
        Assert.Equal(0, get());
        Assert.NotNull(Travel.There(add));
    }

    private int Times(int x) => x * factor;

    private int Next() => ++count;

    private sealed class Form(string name) : IDisposable
    {
        private readonly MemoryStream stream = new();

        public int Size { get; init; }

        public Func<int> Area() => () => Size;

        public Func<string> Whole() => () => $"{this}";

        public override string ToString() => $"{name} {stream.Length}";

        public void Dispose() => stream.Dispose();
    }

    private abstract class Shape
    {
        private readonly string name = "base";

        public string Base => name;

        public abstract int Area { get; }
    }

    private sealed class Disc : Shape
    {
        private readonly string name = "";

        public string Name
        {
            get => name;
            init => name = value;
        }

        public override int Area => 7;

        public Func<string> Describe() => () => $"{name} {Area} {Base}";
    }

    private sealed class WithComponent : System.ComponentModel.Component
    {
        public int Size { get; init; }

        public Func<int> Part() => () => Size;

        public Func<string> Whole() => () => $"{Container} {Size}";
    }

    private sealed class Steps
    {
        private readonly Func<int, int> one;
        private readonly Func<int, int>? none = null;
        private readonly int summand = 1;

        public Steps() => one = x => x + summand;

        public Func<int, int> Both() => x => none is null ? one(x) * 2 : 0;
    }

    private sealed class Counter
    {
        private int value;

        public int Value => value;

        public void Add() => value++;

        public Func<int> Twice()
        {
            Action add = Add;
            return () =>
            {
                add();
                add();
                return value;
            };
        }
    }
}
