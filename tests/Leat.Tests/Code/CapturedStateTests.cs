using Leat.Code;
using Microsoft.CodeAnalysis;
using static Leat.Tests.Code.CodePair;

namespace Leat.Tests.Code;

/// <summary>What a delegate has captured is listed, and what of it is another than before.</summary>
public sealed class CapturedStateTests
{
    private readonly int factor = 3;
    private readonly StreamWriter log = StreamWriter.Null;

    [Fact]
    public void Values_are_told_as_one_writes_them()
    {
        const string Before = """
            int cutoff = 20; double share = 0.1; decimal price = 1.50m; string name = "ab"; string? none = null; char letter = 'c'; bool yes = true;
            DayOfWeek day = DayOfWeek.Friday; DateTime time = new(2024, 5, 6, 7, 8, 9, DateTimeKind.Utc); TimeSpan span = TimeSpan.FromSeconds(90); int? maybe = 7;
            """;
        Assert.Equal("""
            the captured variable 'cutoff': 20
            the captured variable 'share': 0.1
            the captured variable 'price': 1.50
            the captured variable 'name': "ab"
            the captured variable 'none': null
            the captured variable 'letter': 'c'
            the captured variable 'yes': true
            the captured variable 'day': Friday
            the captured variable 'time': 2024-05-06T07:08:09.0000000Z
            the captured variable 'span': 00:01:30
            the captured variable 'maybe': 7
            """, Captured(Lambda("() => (cutoff, share, price, name, none, letter, yes, day, time, span, maybe)", before: Before)));
    }

    [Fact]
    public void Of_others_the_type_and_a_digest_are_told()
    {
        const string Before = "List<int> some = [1, 2]; string text = new('x', 100); var client = new System.Net.Http.HttpClient();";
        string one = Captured(Lambda("() => (some, text)", before: Before));
        Assert.Matches("^the captured variable 'some': List<Int32> [0-9a-f]{12}\nthe captured variable 'text': String [0-9a-f]{12}$", one);
        Assert.Equal(one, Captured(Lambda("() => (some, text)", before: Before)));
        Assert.NotEqual(one, Captured(Lambda("() => (some, text)", before: Before.Replace("[1, 2]", "[1, 3]", StringComparison.Ordinal))));
        Assert.Equal("the captured variable 'client': HttpClient, which can't be encoded", Captured(Lambda("() => client.GetHashCode()", before: Before)));
        Assert.Equal("the captured variable 'box': Object[], which can't be encoded", Captured(Lambda("() => box", before: "object[] box = [new System.IO.MemoryStream()];")));
    }

    [Fact]
    public void Delegates_are_told_with_what_they_captured()
    {
        const string Before = "int a = 1; Func<int> inner = () => a; Func<int> self = null!; self = () => a > 1 ? self() : a;";
        Assert.Matches(
            "^the captured variable 'inner': the lambda in Entry.Get [0-9a-f]{12}\nthe captured variable 'a': 1\nthe captured variable 'self': the lambda in Entry.Get [0-9a-f]{12}$",
            Captured(Lambda("() => inner() + self()", before: Before)));
        int cutoff = 20;
        IEnumerable<string> wrapped = CapturedState.Of(Wrap(x => x + cutoff)).Select(part => part.Title);
        Assert.Equal(["the captured variable 'body'", "the captured variable 'cutoff'"], wrapped);
    }

    [Fact]
    public void Of_an_object_the_fields_that_are_read_are_told()
    {
        Assert.Equal([new CapturedPart("the field 'factor' of the captured 'this'", "3")], CapturedState.Of(() => factor));
        Assert.Equal([new CapturedPart("the field 'factor' of the object", "3")], CapturedState.Of(Factor));
        Assert.Contains(new CapturedPart("the field 'log' of the captured 'this'", "StreamWriter, which can't be encoded"), CapturedState.Of(() => GetHashCode() + log.NewLine), new ByType());
        Assert.Matches("^the first argument: Int32\\[\\] [0-9a-f]{12}$", Text(CapturedState.Of((Func<int>)new[] { 1, 2 }.Sum)));
        Assert.Empty(CapturedState.Of(() => 1));
    }

    [Fact]
    public void What_differs_is_told()
    {
        CodeExplanation before = Explain("int cutoff = 20; string name = \"a\"; int old = 1;", "(cutoff, name, old)");
        Assert.Equal(["the captured variable 'cutoff' was 20 and is 30"], Explain("int cutoff = 30; string name = \"a\"; int old = 1;", "(cutoff, name, old)").DifferencesFrom(before));
        Assert.Equal(
            ["the captured variable 'name' was \"a\" and is null", "the captured variable 'fresh' is used now, and is 1", "the captured variable 'old' is no longer used"],
            Explain("int cutoff = 20; string name = null!; int fresh = 1;", "(cutoff, name, fresh)").DifferencesFrom(before));
        Assert.Empty(before.DifferencesFrom(before));
        Assert.EndsWith("the captured variable 'cutoff': 20\nthe captured variable 'name': \"a\"\nthe captured variable 'old': 1\nthe package System.Private.CoreLib 10.0.0.0\n", before.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Variables_of_one_name_are_told_apart() => Assert.Equal(
        "the captured variable 'f' (2): 2", Captured(Lambda("() => f(1) + g()", before: "Func<int> g = Make(2); Func<int, int> f = x => x;", members: "static Func<int> Make(int f) => () => f;")).Split('\n')[^1]);

    private static CodeExplanation Explain(string before, string value) => new CodeProgram(Lambda($"() => {value}", before: before)).Explanation();

    private static string Captured(CodeProgram program) => program.Use(OptimizationLevel.Release, false, function => Text(CapturedState.Of(function)));

    private static string Text(IEnumerable<CapturedPart> parts) => string.Join('\n', parts.Select(part => $"{part.Title}: {part.Value}"));

    private static Func<int, int> Wrap(Func<int, int> body) => x => body(x);

    private int Factor() => factor;

    private sealed class ByType : IEqualityComparer<CapturedPart>
    {
        // The writer that does nothing is of a type of its own.
        public bool Equals(CapturedPart? x, CapturedPart? y) => x!.Title == y!.Title && x.Value[^24..] == y.Value[^24..];

        public int GetHashCode(CapturedPart obj) => 0;
    }
}
