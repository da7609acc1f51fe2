using System.Reflection.PortableExecutable;

namespace Leat.Tests.Tree;

public sealed class LayeringTests
{
    private static readonly string[] Order =
        ["Diagnostics", "Encoding", "Code", "Storage", "Scheduling", "Pools", "Streams", "Calls", "Jobs"];

    private static List<(string Path, string Code)> Sources =>
    [
        .. Repository.Files("src/Leat", "*.cs")
            .Select(file => (Path.GetRelativePath(Repository.PathOf("src/Leat"), file).Replace('\\', '/'), File.ReadAllText(file))),
    ];

    [Fact]
    public void No_folder_of_the_library_uses_one_after_it()
    {
        using PEReader assembly = Open();
        Faults.None(Layering.Violations(Order, Sources, assembly));
    }

    [Fact]
    public void Every_type_of_the_sources_is_in_the_assembly_that_was_checked()
    {
        using PEReader assembly = Open();
        Faults.None(Layering.NotCompiled(Sources, assembly));
    }

    [Theory]
    [InlineData("class Low : High;")]
    [InlineData("class Low : List<Box<High[]>>;")]
    [InlineData("interface Low : IHigh;")]
    [InlineData("class Low { High? field; }")]
    [InlineData("class Low { High? Property => null; }")]
    [InlineData("class Low { void M(List<High> them) { } }")]
    [InlineData("class Low { event Action<High>? E; }")]
    [InlineData("class Low { object M() => new High(); }")]
    [InlineData("class Low { object M() => typeof(High); }")]
    [InlineData("class Low { void M() => High.Do(); }")]
    [InlineData("class Low { int M() => High.Count; }")]
    [InlineData("class Low { void M() => Box<int>.Do(); }")]
    [InlineData("class Low { void M() => Each<High>(); static void Each<T>() { } }")]
    [InlineData("class Low { bool M(object it) => it is High; }")]
    [InlineData("class Low { void M() { try { Console.Write(1); } catch (Fault) { } } }")]
    [InlineData("class Low { Func<int> M() => () => { Func<int> inner = () => High.Count; return inner(); }; }")]
    [InlineData("class Low { async Task M() { await Task.Yield(); High.Do(); } }")]
    [InlineData("class Low { IEnumerable<int> M() { yield return High.Count; } }")]
    [InlineData("class Low { class Nested { object M() => new High.Inner(); } }")]
    [InlineData("class Low<T> where T : IHigh;")]
    [InlineData("class Low { void M<T>() where T : High { } }")]
    [InlineData("[Marked] class Low;")]
    [InlineData("class Low { [Marked] void M() { } }")]
    [InlineData("class Low { int M(int of) { switch (of) { case 1: return 7; case 2: return 8; case 3: return 9; default: return High.Count; } } }")]
    [InlineData("class Low { void M() => 1.Raise(); }")]
    [InlineData("class Low { bool M() => 1.IsHigh; }")]
    [InlineData("file class Low : High;")]
    [InlineData("delegate void Low(High it);")]
    public void A_use_of_a_folder_further_on_is_found(string low)
    {
        var violation = Assert.Single(Check(low).Select(one => one.Split(',')[0]).Distinct(StringComparer.Ordinal));
        Assert.Equal("Diagnostics may not use Streams", violation);
    }

    [Theory]
    [InlineData("class Low { object? M() => null; }")]
    [InlineData("class Low { const int Number = (int)Level.Top; }")]
    public void What_uses_no_folder_further_on_is_left_alone(string low) => Assert.Empty(Check(low));

    [Fact]
    public void The_same_uses_are_allowed_in_the_other_order() =>
        Assert.Empty(Check("class Low : High;", ["Streams", "Diagnostics"]));

    [Fact]
    public void A_use_names_the_member_that_makes_it() => Assert.Equal(
        ["Diagnostics may not use Streams, but Low.M of Mill.Low uses Mill.Streams.High."],
        Check("class Low { object M() => typeof(High); }"));

    [Fact]
    public void A_file_outside_of_the_folders_is_found() => Assert.Equal(
        ["Stray.cs lies in none of the folders Diagnostics, Streams."],
        Check("class Low;", extra: ("Stray.cs", "class Stray;")));

    [Fact]
    public void A_type_spread_over_folders_is_found() => Assert.Equal(
        ["Mill.Part is spread over the folders Diagnostics and Streams."],
        Check("partial class Part;", extra: ("Streams/Part.cs", "namespace Mill; partial class Part;")));

    [Fact]
    public void A_source_that_was_not_compiled_is_found()
    {
        using PEReader assembly = Open();
        Assert.Equal(["Leat.NoSuchType`1"], Layering.NotCompiled([("Streams/X.cs", "namespace Leat { class NoSuchType<T>; }")], assembly));
    }

    private static PEReader Open() => new(File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Leat.dll")));

    private static IReadOnlyList<string> Check(string low, string[]? order = null, (string Path, string Code)? extra = null)
    {
        const string Usings = "using System; using System.Collections.Generic; using System.Threading.Tasks; using Mill.Streams;\n";
        List<(string Path, string Code)> sources =
        [
            ("Diagnostics/Low.cs", Usings + "namespace Mill;\n" + low),
            ("Streams/Runtime/High.cs", """
                namespace Mill.Streams;
                public interface IHigh;
                public class High : IHigh { public static int Count; public static void Do() { } public class Inner; }
                public class Box<T> { public static void Do() { } }
                public enum Level { Top = 3 }
                public class Fault : System.Exception;
                public class MarkedAttribute : System.Attribute;
                public static class Raising
                {
                    public static void Raise(this int it) { }
                    extension(int it) { public bool IsHigh => true; }
                }
                """),
        ];
        if (extra is { } more) sources.Add(more);
        using var assembly = new PEReader(Compiled.Library(sources));
        return Layering.Violations(order ?? ["Diagnostics", "Streams"], sources, assembly);
    }
}
