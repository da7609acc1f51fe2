using System.Globalization;
using System.Reflection;
using System.Runtime.Loader;
using Leat.Code;
using Leat.Encoding;
using Leat.Tests.Tree;

namespace Leat.Tests.Code;

public sealed class ManyThreadsTests
{
    private const int Count = 200;
    private const int Threads = 8;

    [Fact]
    public void Many_threads_come_to_the_same_results()
    {
        byte[] image = Image();
        string[] alone = Load(image, functions => Results(functions, 0));
        string[][] together = Load(image, functions =>
        {
            var results = new string[Threads][];
            using var barrier = new Barrier(Threads);
            Thread[] threads = [.. Enumerable.Range(0, Threads).Select(i => new Thread(() =>
            {
                barrier.SignalAndWait();
                results[i] = Results(functions, i);
            }))];
            foreach (Thread thread in threads) thread.Start();
            foreach (Thread thread in threads) thread.Join();
            return results;
        });
        Assert.Equal(Count, alone.Distinct(StringComparer.Ordinal).Count());
        foreach (string[] each in together) Assert.Equal(alone, each);
    }

    // Each thread in an order of its own, so that they meet at different places.
    private static string[] Results(Delegate[] functions, int thread)
    {
        int[] order = [.. Enumerable.Range(0, Count)];
        new Random(thread).Shuffle(order);
        var results = new string[Count];
        foreach (int i in order)
        {
            Digest fingerprint = DelegateCode.FingerprintOf(functions[i]);
            string captured = string.Join(' ', DelegateCode.Captured(functions[i]).Read.Select(each => each.Name));
            Digest sent = Digest.Of(Travel.Bytes(functions[i]));
            results[i] = $"{fingerprint} {captured} {sent} {(i % 10 == 0 ? DelegateCode.Explain(functions[i]) : null)}";
        }
        return results;
    }

    private static byte[] Image()
    {
        IEnumerable<string> members = Enumerable.Range(0, Count).Select(i => string.Create(CultureInfo.InvariantCulture,
            $"int field{i} = {i}; Func<int[], string> F{i}() {{ int a = {i}; return x => string.Join(',', x.Where(k => k > a + field{i % 7}).Select(k => Helper{i % 50}(k) + {i})); }}"));
        IEnumerable<string> helpers = Enumerable.Range(0, 50).Select(i => string.Create(CultureInfo.InvariantCulture, $"static int Helper{i}(int k) => k < 1 ? 0 : Helper{(i + 1) % 50}(k - {i + 1});"));
        string all = string.Join(", ", Enumerable.Range(0, Count).Select(i => string.Create(CultureInfo.InvariantCulture, $"entry.F{i}()")));
        return [.. Compiled.Library(("Many.cs", $$"""
            using System; using System.Linq;
            public sealed class Entry { {{string.Join('\n', members)}} {{string.Join('\n', helpers)}} public static Delegate[] Get() { var entry = new Entry(); return [{{all}}]; } }
            """))];
    }

    private static T Load<T>(byte[] image, Func<Delegate[], T> use)
    {
        var context = new AssemblyLoadContext("many", isCollectible: true);
        Assembly loaded = context.LoadFromStream(new MemoryStream(image));
        var functions = (Delegate[])loaded.GetType("Entry", throwOnError: true)!.GetMethod("Get")!.Invoke(null, null)!;
        T result = use(functions);
        context.Unload();
        return result;
    }
}
