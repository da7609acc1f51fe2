using Leat.Code;
using Microsoft.CodeAnalysis;
using static Leat.Tests.Code.CodePair;

namespace Leat.Tests.Code;

public sealed class ClosureFieldsTests
{
    private const string Locals = "int a = 1, b = 2, c = 3; var point = (X: 4, Y: 5); string s = \"\"; int[] list = [6];";

    // Keeps all of them in the closure, whatever the lambda under test uses.
    private const string Others = "Action others = () => { a++; b++; c++; point = default; s += list[0]; }; GC.KeepAlive(others);";

    [Theory]
    [InlineData("() => a", "a", "")]
    [InlineData("() => 1", "", "")]
    [InlineData("() => b - a", "b a", "")]
    [InlineData("() => new Func<int>(() => c + new Func<int>(() => a)())()", "c a", "")]
    [InlineData("() => { int L() => a; return L() + b; }", "b a", "")]
    [InlineData("async () => { await Task.Yield(); return a + s; }", "a s", "")]
    [InlineData("() => a.ToString() + point.X + point.ToString()", "a point", "")]
    [InlineData("() => { int own = a; Func<int> f = () => own; own++; return f(); }", "a", "")]
    [InlineData("() => list[0]++", "list", "")]
    [InlineData("() => a = b", "b", "a")]
    [InlineData("() => a++", "a", "a")]
    [InlineData("() => { int own = 1; Action f = () => { own++; b = own; }; f(); }", "", "b")]
    [InlineData("() => { void L() => c = 1; L(); }", "", "c")]
    [InlineData("async () => { await Task.Yield(); c = 1; }", "", "c")]
    [InlineData("() => point.X = a", "a", "point")]
    [InlineData("() => Int32.TryParse(s, out a)", "s", "a")]
    [InlineData("() => System.Threading.Interlocked.Increment(ref a)", "", "a")]
    [InlineData("() => In(1, in a)", "a", "")]
    public void Only_what_a_delegate_uses_itself_is_captured(string lambda, string read, string written)
    {
        CodeProgram program = Lambda(lambda, "static int In(int i, in int j) => i + j;", before: Locals, after: Others);
        foreach (OptimizationLevel level in (OptimizationLevel[])[OptimizationLevel.Debug, OptimizationLevel.Release])
        {
            ClosureFields fields = program.Use(level, false, DelegateCode.Captured);
            Assert.Equal(read, string.Join(' ', fields.Read.Select(each => each.Name)));
            Assert.Equal(written, string.Join(' ', fields.Written.Select(each => each.Name)));
        }
    }

    [Theory]
    [InlineData("int outer = 7; { int inner = 8; Func<int> f = () => outer - inner; Func<int> g = () => outer; return f; }", "outer=7 inner=8")]
    [InlineData("int outer = 7; for (int i = 0; ; i++) { int inner = i; Func<int> g = () => outer; Func<int> f = () => inner + inner; return f; }", "inner=0")]
    public void A_variable_of_a_scope_further_out_is_found_by_its_path(string body, string values)
    {
        CodeProgram program = $$"""public static class Entry { public static Delegate Get() { {{body}} } }""";
        Assert.Equal(values, program.Use(OptimizationLevel.Release, false, function => string.Join(' ', DelegateCode.Captured(function).Read
            .Select(each => $"{each.Name}={each.Path.Aggregate(function.Target, (at, field) => field.GetValue(at))}"))));
    }

    [Fact]
    public void An_object_is_captured_as_this()
    {
        const string Type = "class T { int f = 1; public Func<int> Alone() => () => f; public Func<int> With(int a) => () => f + a; public int Of() => f; }\n";
        string Read(string get) => new CodeProgram($$"""{{Type}} public static class Entry { public static Delegate Get() => {{get}}; }""")
            .Use(OptimizationLevel.Release, false, function => string.Join(' ', DelegateCode.Captured(function).Read.Select(each => each.Name)));
        Assert.Equal("this", Read("new T().Alone()"));
        Assert.Equal("this a", Read("new T().With(1)"));
        Assert.Equal("this", Read("(Func<int>)new T().Of"));
    }

    [Fact]
    public void A_write_is_refused_with_the_name_of_the_variable()
    {
        CodeProgram program = Lambda("() => total += 1", before: "int total = 0;");
        var error = Assert.Throws<LeatException>(() => program.Use(OptimizationLevel.Release, false, function =>
        {
            DelegateCode.RefuseWrites(function);
            return true;
        }));
        Assert.Equal("LEAT0053", error.Code);
        Assert.Contains("the lambda in Entry.Get writes to the captured variable 'total'", error.Message, StringComparison.Ordinal);
    }
}
