using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Leat.Tests.Code;

public sealed class PortableFunctionTests
{
    private delegate bool TryParse<T>(string text, out T value);

    [Fact]
    public void A_lambda_without_captures_travels()
    {
        Assert.Equal(5, Travel.There((int x) => x + 1)(4));
        Assert.Equal(5, Travel.There(static (int x) => x + 1)(4));
    }

    [Fact]
    public void A_static_method_travels()
    {
        Assert.Equal(4, Travel.There<Func<int, int>>(Math.Abs)(-4));
        Assert.Equal(8, Travel.There<Func<int, int>>(Twice)(4));
        Assert.True(Travel.There<TryParse<int>>(int.TryParse)("12", out int value));
        Assert.Equal(12, value);
    }

    [Fact]
    public void Captured_variables_are_copied()
    {
        int a = 2;
        List<string> words = ["one"];
        (int X, string Y) pair = (3, "y");
        Func<string> function = () => string.Create(CultureInfo.InvariantCulture, $"{a} {words.Count} {pair.X} {pair.Y}");
        Func<string> there = Travel.There(function);
        a = 20;
        words.Add("two");
        pair = default;
        Assert.Equal("2 1 3 y", there());
        Assert.Equal("20 2 0 ", function());
    }

    [Fact]
    public void Variables_of_several_scopes_travel()
    {
        List<Func<int>> functions = [];
        int outer = 10;
        for (int i = 0; i < 3; i++)
        {
            int inner = i;
            Func<int> both = () => outer + inner;
            Func<int> nested = () => new Func<int>(() => outer * inner)();
            functions.AddRange([both, nested, () => outer]);
        }
        Assert.Equal([10, 0, 10, 11, 10, 10, 12, 20, 10], functions.Select(each => Travel.There(each)()));
    }

    [Fact]
    public void Only_what_is_read_travels()
    {
        int a = 4;
        using var client = new HttpClient();
        Func<string?> neighbour = () => client.BaseAddress?.ToString();
        Assert.Equal(5, Travel.There((int x) => x + a)(1));
        Assert.Null(neighbour());
        Assert.Equal("LEAT0054", Travel.Refused(neighbour).Code);
    }

    [Fact]
    public void Code_of_a_version_by_hand_brings_its_variables()
    {
        int a = 4;
        Assert.Equal(5, Travel.There([CodeVersion("1")] (int x) => x + a)(1));
        Assert.Equal(5, Travel.There([IgnoreCodeChanges] (int x) => x + a)(1));
    }

    [Fact]
    public async Task Async_lambdas_and_iterators_travel()
    {
        int a = 4;
        Func<int, Task<int>> later = async x =>
        {
            await Task.Yield();
            return x + a;
        };
        IEnumerable<int> Count()
        {
            for (int i = 0; i < a; i++) yield return i;
        }
        Assert.Equal(5, await Travel.There(later)(1));
        Assert.Equal([0, 1, 2, 3], Travel.There(Count)());
    }

    [Fact]
    public void Local_functions_travel()
    {
        int a = 4;
        static int Plain(int x) => x + 1;
        int Captures(int x) => Plain(x) + a;
        int Recursive(int x) => x == 0 ? a : Recursive(x - 1) + 1;
        Assert.Equal(2, Travel.There<Func<int, int>>(Plain)(1));
        Assert.Equal(6, Travel.There<Func<int, int>>(Captures)(1));
        Assert.Equal(7, Travel.There<Func<int, int>>(Recursive)(3));
    }

    [Fact]
    public void Methods_of_objects_travel_with_the_object()
    {
        var line = new Line { Slope = 2, Start = new Start(5) };
        Func<int, int> there = Travel.There<Func<int, int>>(line.At);
        line.Slope = 100;
        Assert.Equal(11, there(3));
        Assert.Equal(7, Travel.There<Func<int>>(new Start(7).Get)());
        Assert.Equal(2, Travel.There<Func<int, int>>(((Line)new Flat { Start = new Start(2) }).At)(100));
        Assert.True(Travel.There<Func<string, bool>>(new HashSet<string> { "a" }.Contains)("a"));
        Assert.Equal("3", Travel.There<Func<string>>(3.ToString)());
    }

    [Fact]
    public void An_object_around_the_lambda_travels_with_it()
    {
        var holder = new Holder { Value = 5 };
        Assert.Equal(6, Travel.There(holder.Alone())(1));
        Assert.Equal(16, Travel.There(holder.With(10))(1));
        Func<Holder> self = Travel.There(holder.Self(10));
        Assert.NotSame(holder, self());
    }

    [Fact]
    public void Extension_methods_travel_with_their_first_argument()
    {
        Assert.Equal(6, Travel.There<Func<int>>(new[] { 1, 2, 3 }.Sum)());
        Assert.Equal("no text", Travel.There<Func<string>>(((string?)null).OrNoText)());
    }

    [Fact]
    public void Several_that_are_one_delegate_travel()
    {
        int a = 4;
        Func<List<int>, int> both = list => Add(list, a);
        both += list => Add(list, a + 1);
        both += static list => Add(list, 9);
        List<int> got = [];
        Travel.There(both)(got);
        Assert.Equal([4, 5, 9], got);

        static int Add(List<int> list, int item)
        {
            list.Add(item);
            return list.Count;
        }
    }

    [Fact]
    [SuppressMessage("Performance", "CA1814", Justification = "Arrays of every kind are type arguments.")]
    public void Generic_code_travels()
    {
        Assert.Equal("Int32 String 7", Travel.There(Generic<int>.Make("x", 7))());
        Assert.Equal("List`1 Int32[,][] 7", Travel.There(Generic<List<int?>>.Make(Array.Empty<int[,]>(), 7))());
        Assert.Equal("String", Travel.There(Generic<string>.Plain<int>())());
        Assert.Equal("Start", Travel.There<Func<string>>(Generic<Start>.Name)());
        Assert.Equal("Guid", Travel.There<Func<string>>(NameOf<Guid>)());
    }

    [Fact]
    public void Captured_delegates_travel()
    {
        int a = 4;
        Func<int, int> inner = x => x + a;
        Func<int, int>? none = null;
        Func<int, int> outer = x => (none is null ? 1000 : 0) + inner(inner(x));
        Assert.Equal(1009, Travel.There(outer)(1));
    }

    [Fact]
    public void A_lambda_may_capture_itself()
    {
        Func<int, int> faculty = null!;
        faculty = n => n <= 1 ? 1 : n * faculty(n - 1);
        Assert.Equal(120, Travel.There(faculty)(5));
    }

    [Fact]
    public void Delegates_that_share_a_closure_share_it_there()
    {
        List<int> seen = [];
        Action<int> add = item => seen.Add(item);
        Func<int, int> count = item =>
        {
            add(item);
            return seen.Count;
        };
        Func<int, int> there = Travel.There(count);
        Assert.Equal([1, 2], [there(7), there(8)]);
        Assert.Empty(seen);
    }

    [Fact]
    public void A_long_chain_of_delegates_travels()
    {
        Func<int, int> chain = x => x;
        for (int i = 0; i < 5_000; i++)
        {
            Func<int, int> before = chain;
            chain = x => before(x) + 1;
        }
        Assert.Equal(5_000, Travel.There(chain)(0));
    }

    [Fact]
    public void Values_that_are_empty_or_null_travel()
    {
        string? nothing = null;
        int? none = null;
        object boxed = 5;
        var anonymous = new { Name = "n", Size = 2 };
        IReadOnlyList<int> list = [1, 2];
        Assert.Equal("True True 5 n2 2", Travel.There(() => $"{nothing is null} {none is null} {boxed} {anonymous.Name}{anonymous.Size} {list.Count}")());
    }

    [Fact]
    public void An_assembly_of_another_build_is_refused()
    {
        byte[] bytes = Travel.Bytes((Func<int, int>)Twice);
        byte[] build = typeof(PortableFunctionTests).Module.ModuleVersionId.ToByteArray();
        int at = bytes.AsSpan().LastIndexOf(build);
        bytes[at] ^= 0xFF;
        Assert.Equal(
            "LEAT0055: The assembly 'Leat.Tests' is another build here than where the work comes from. Both sides must run the same files: build once, and copy what was built.",
            Assert.Throws<LeatException>(() => Travel.Arrived(bytes)).Message);
    }

    [Fact]
    public void An_assembly_that_is_missing_is_told()
    {
        byte[] bytes = Travel.Bytes((Func<int, int>)Twice);
        byte[] build = typeof(PortableFunctionTests).Module.ModuleVersionId.ToByteArray();
        for (int at; (at = bytes.AsSpan().IndexOf(build)) >= 0;) bytes[at] ^= 0xFF;
        for (int at; (at = bytes.AsSpan().IndexOf("Leat.Tests"u8)) >= 0;) bytes[at] = (byte)'M';
        Assert.Equal(
            "LEAT0056: The assembly 'Meat.Tests', which the work needs, is not found here. Put its file beside the program's own, where it is found by its name.",
            Assert.Throws<LeatException>(() => Travel.Arrived(bytes)).Message);
    }

    private static int Twice(int x) => 2 * x;

    private static string NameOf<T>() => typeof(T).Name;

    private sealed class Holder
    {
        public int Value { get; init; }

        public Func<int, int> Alone() => x => x + Value;

        public Func<int, int> With(int summand) => x => x + Value + summand;

        public Func<Holder> Self(int summand) => () => summand > 0 ? this : null!;
    }

    private class Line
    {
        public int Slope { get; set; }

        public required Start Start { get; init; }

        public virtual int At(int x) => (Slope * x) + Start.Value;
    }

    private sealed class Flat : Line
    {
        public override int At(int x) => Start.Value;
    }

    private readonly record struct Start(int Value)
    {
        public int Get() => Value;
    }

    private static class Generic<T>
    {
        public static Func<string> Make<TOther>(TOther other, int number) =>
            () => string.Create(CultureInfo.InvariantCulture, $"{typeof(T).Name} {other!.GetType().Name} {number}");

        public static Func<string> Plain<TOther>() => () => typeof(T).Name;

        public static string Name() => typeof(T).Name;
    }
}

internal static class TextExtensions
{
    public static string OrNoText(this string? text) => text ?? "no text";
}
