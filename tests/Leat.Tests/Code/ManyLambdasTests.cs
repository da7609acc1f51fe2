using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.Loader;
using Leat.Code;
using Leat.Tests.Tree;

namespace Leat.Tests.Code;

public sealed class ManyLambdasTests(ITestOutputHelper output)
{
    private const int Count = 1000;

    // The budget is 1 s on a machine that does nothing else; a loaded one may take longer.
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(5);

    [Fact]
    public void A_thousand_lambdas_take_less_than_a_second()
    {
        IEnumerable<string> lambdas = Enumerable.Range(0, Count).Select(i => string.Create(CultureInfo.InvariantCulture,
            $"static Func<int[], string> F{i}() {{ int a = {i}; return x => string.Join(',', x.Where(k => k > a).Select(k => Helper{i % 50}(k) + {i})); }}"));
        IEnumerable<string> helpers = Enumerable.Range(0, 50).Select(i => string.Create(CultureInfo.InvariantCulture, $"static int Helper{i}(int k) => k * {i};"));
        string all = string.Join(", ", Enumerable.Range(0, Count).Select(i => string.Create(CultureInfo.InvariantCulture, $"F{i}()")));
        var image = Compiled.Library(("Many.cs", $$"""
            using System; using System.Linq;
            public static class Entry { {{string.Join('\n', lambdas)}} {{string.Join('\n', helpers)}} public static Delegate[] Get() => [{{all}}]; }
            """));
        using var folder = new TemporaryDirectory();
        File.WriteAllBytes(folder["Library.dll"], [.. image]);
        var context = new AssemblyLoadContext("many", isCollectible: true);
        Assembly loaded = context.LoadFromAssemblyPath(folder["Library.dll"]);
        var functions = (Delegate[])loaded.GetType("Entry", throwOnError: true)!.GetMethod("Get")!.Invoke(null, null)!;

        TimeSpan cold = Time(functions, out int distinct);
        TimeSpan warm = Time(functions, out _);
        context.Unload();

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Count} lambdas: {cold.TotalMilliseconds:F0} ms cold, {warm.TotalMilliseconds:F2} ms again"));
        Assert.Equal(Count, distinct);
        Assert.InRange(cold, TimeSpan.Zero, Bound);
    }

    private static TimeSpan Time(Delegate[] functions, out int distinct)
    {
        long start = Stopwatch.GetTimestamp();
        distinct = functions.Select(DelegateCode.FingerprintOf).Distinct().Count();
        return Stopwatch.GetElapsedTime(start);
    }
}
