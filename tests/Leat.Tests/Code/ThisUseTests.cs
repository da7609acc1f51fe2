using Leat.Code;
using Microsoft.CodeAnalysis;

namespace Leat.Tests.Code;

/// <summary>Which fields of a captured <c>this</c> a delegate reads, or all of them where the object gets out of sight.</summary>
public sealed class ThisUseTests
{
    private const string All = "all";

    private const string Members = """
        int a = 1, b = 2, c = 3; (int X, int Y) point = (4, 5); readonly List<int> list = [6]; string Name { get; set; } = "n"; public T? Next; static T? Last;
        int Sum() => a + b;
        int Deep(int n) => n == 0 ? c : Deep(n - 1);
        int Choose(int x) => x > 0 ? a : b;
        int Nested() => list.Select(i => i + c).Sum();
        int NestedWith(int d) => list.Select(i => i + c + d).Sum();
        async Task<int> Later() { await Task.Yield(); int once = a; await Task.Yield(); return once + b; }
        IEnumerable<int> Items() { foreach (int i in list) yield return i + a; }
        T Self() => this;
        void Keep() => Last = this;
        void Link() => Next = this;
        static int Of(T it) => it.a;
        bool IsLast() => this == Last;
        int OfLocal() { T it = this; return it.b; }
        int OfEither(T other) { T it = a > 0 ? this : other; return it.b; }
        void Set() => c = 1;
        protected virtual int Virtual() => a;
        int Generic<V>(V value) => value is null ? a : c;
        object Boxed() => (object)this;
        int ByInterface() => ((IHas)this).Get();
        public int Get() => a;
        public override string ToString() => $"{a}{b}{c}";
        """;

    [Theory]
    [InlineData("() => a", "a", "")]
    [InlineData("() => a + with", "a", "")]
    [InlineData("() => 1 + this.Sum()", "a b", "")]
    [InlineData("() => Sum() + with", "a b", "")]
    [InlineData("() => Deep(3)", "c", "")]
    [InlineData("() => Deep(with > 0 ? 1 : 2)", "c", "")]
    [InlineData("() => Choose(a)", "a b", "")]
    [InlineData("() => point.X + Name.Length", "Name point", "")]
    [InlineData("() => Nested()", "c list", "")]
    [InlineData("() => NestedWith(with)", "c list", "")]
    [InlineData("() => list.Select(i => i + b).Sum()", "b list", "")]
    [InlineData("() => list.Select(i => i + b + with).Sum()", "b list", "")]
    [InlineData("() => list.Select(new Func<int, int>(Deep)).Sum()", "c list", "")]
    [InlineData("() => { int L() => b; return L() + with; }", "b", "")]
    [InlineData("() => Later()", "a b", "")]
    [InlineData("async () => { await Task.Yield(); int once = a; await Task.Yield(); return once + b + with; }", "a b", "")]
    [InlineData("() => Items().Sum()", "a list", "")]
    [InlineData("() => Virtual()", "a own", "")]
    [InlineData("() => Generic(list)", "a c list", "")]
    [InlineData("() => IsLast()", "", "")]
    [InlineData("() => OfLocal()", "b", "")]
    [InlineData("() => OfEither(new Derived())", "a b", "")]
    [InlineData("() => { try { return a; } catch (Exception e) when (e.Message.Length > b) { return c; } finally { list.Clear(); } }", "a b c list", "")]
    [InlineData("() => new T().b + a + new T().ToString().Length", "a", "")]
    [InlineData("() => c = a", "a", "c")]
    [InlineData("() => a++", "a", "a")]
    [InlineData("() => a += with > 1 ? 2 : 3", "a", "a")]
    [InlineData("() => Name = \"m\"", "", "Name")]
    [InlineData("() => point.X = 1", "point", "point")]
    [InlineData("() => System.Threading.Interlocked.Increment(ref b)", "b", "b")]
    [InlineData("() => new Func<int>(() => a++)()", "a", "a")]
    [InlineData("async () => { await Task.Yield(); a++; }", "a", "a")]
    [InlineData("() => { Set(); return c; }", "c", "")]
    [InlineData("() => list.Add(1)", "list", "")]
    [InlineData("() => Self().a", All, "")]
    [InlineData("() => this", All, "")]
    [InlineData("() => Keep()", All, "")]
    [InlineData("() => Link()", All, "")]
    [InlineData("() => Of(this)", All, "")]
    [InlineData("() => Boxed()", All, "")]
    [InlineData("() => ByInterface()", All, "")]
    [InlineData("() => ToString() + base.ToString() + with", All, "")]
    [InlineData("() => GetHashCode() + a", All, "")]
    [InlineData("() => new T[] { this }.Length", All, "")]
    [InlineData("() => { T self = this; return new Func<int>(() => self.a)(); }", All, "")]
    [InlineData("() => { lock (this) return a; }", All, "")]
    [InlineData("() => $\"{this}\"", All, "")]
    [InlineData("() => { dynamic it = this; return it.a; }", All, "")]
    public void Only_what_is_read_of_an_object_in_sight_counts(string lambda, string read, string written)
    {
        CodeProgram program = $$"""
            public interface IHas { int Get(); }
            public class T : IHas
            {
                {{Members}}
                public Delegate Make(int with) { Delegate function = {{lambda}}; Func<int> other = () => with + a; GC.KeepAlive(other); return function; }
            }
            public class Derived : T { int own = 7; protected override int Virtual() => own + base.Virtual(); }
            public static class Entry { public static Delegate Get() => new Derived().Make(8); }
            """;
        foreach (OptimizationLevel level in (OptimizationLevel[])[OptimizationLevel.Debug, OptimizationLevel.Release])
        {
            ThisUse use = program.Use(level, false, function => DelegateCode.UseOfThis(function.Method, Closures.ThisOf(function)!.GetType()));
            Assert.Equal(read, use.Read is { } fields ? Names(fields) : All);
            Assert.Equal(written, Names(use.Written));
        }
    }

    private static string Names(IEnumerable<System.Reflection.FieldInfo> fields) =>
        string.Join(' ', fields.Select(Leat.Encoding.CodecBuilder.NameOf).Order(StringComparer.Ordinal));
}
