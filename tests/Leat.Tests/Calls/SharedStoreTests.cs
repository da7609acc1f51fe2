using System.Globalization;
using Leat.Tests.Pools.Remote;
using Leat.Tests.Streams.Ends;

namespace Leat.Tests.Calls;

/// <summary>Large values that are in a store which hosts see as well: they are told by their digest, and do not travel.</summary>
[Collection(AloneCollection.Name)]
public sealed class SharedStoreTests
{
    private const int Count = 20;
    private const int Size = 4 << 20;

    [Fact(Timeout = 60_000)]
    public async Task What_both_sides_see_does_not_travel_again()
    {
        using var server = new SshServer();
        using var directory = new TemporaryDirectory();
        await using Pool pool = server.Pool(1);
        long[] expected = Expected();

        // Once: each value comes here to be kept, and does not go back to where it is used.
        (CallProgress ran, long written) = await RunAsync(pool, Cache.Directory(directory["cache"]), expected, WrittenByLinks);
        Assert.Equal((2 * Count, 0), (ran.Ran, ran.FromCache));
        Assert.InRange(written, Count * Size, (Count + 1) * Size);

        // Again, with another function at the end: what was kept goes by its digest.
        (ran, written) = await RunAsync(pool, Cache.Directory(directory["cache"]), [.. expected.Select(each => each + 1)], WrittenByLinks, plus: 1);
        Assert.Equal((Count, Count), (ran.Ran, ran.FromCache));
        Assert.InRange(written, 1, Size);
    }

    [Fact(Timeout = 60_000)]
    public async Task Where_the_other_side_does_not_see_the_store_values_travel()
    {
        Require.Tool("unshare");
        using var directory = new TemporaryDirectory();
        string store = directory["cache"];
        Directory.CreateDirectory(store);
        if (!await IsPermittedAsync()) Require.Miss("mounts", "A namespace with mounts of its own can't be made here.");
        var options = new RemotePoolOptions { Output = _ => { } };
        await using Pool pool = Pool.Command($"unshare -m sh -c 'mount -t tmpfs none {store} && exec \"$@\"' sh {{worker}}", 2, options);
        for (int plus = 0; plus < 2; plus++)
        {
            (CallProgress ran, _) = await RunAsync(pool, Cache.Directory(store), [.. Expected().Select(each => each + plus)], () => 0, plus);
            Assert.Equal((plus == 0 ? 2 * Count : Count, plus == 0 ? 0 : Count, 0), (ran.Ran, ran.FromCache, ran.Failed));
        }
    }

    private static async Task<(CallProgress Progress, long Written)> RunAsync(Pool pool, Cache cache, long[] expected, Func<long> written, int plus = 0)
    {
        var make = Call.Apply((int seed) => Make(seed), new CallOptions { Cache = cache, Pool = pool, Name = "make" });
        var sum = Call.Apply((byte[] bytes) => bytes.Sum(each => (long)each) + plus, new CallOptions { Cache = cache, Pool = pool, Name = "sum" });

        // So that the link is there, with the program's files behind it.
        await (new[] { 0 } | Stage.Map((int item) => item).On(pool)).ToListAsync();
        long before = written();
        await using CallRun<long> run = sum(make(0..Count)).Start();
        Assert.Equal(expected, await run.InOrder().ToListAsync());
        return (run.Progress, written() - before);
    }

    private static byte[] Make(int seed)
    {
        byte[] bytes = new byte[Size];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static long[] Expected() => [.. Enumerable.Range(0, Count).Select(seed => Make(seed).Sum(each => (long)each))];

    // What the ssh clients of this program have passed on, to the other side and from there.
    private static long WrittenByLinks() => RemoteProcesses.Links().Sum(link => WrittenBy(link));

    private static async Task<bool> IsPermittedAsync()
    {
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("unshare", ["-m", "true"]) { RedirectStandardError = true, UseShellExecute = false })!;
        await process.WaitForExitAsync();
        return process.ExitCode == 0;
    }

    private static long WrittenBy(int process)
    {
        const string name = "wchar: ";
        return long.Parse(File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/io")).First(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..], CultureInfo.InvariantCulture);
    }
}
