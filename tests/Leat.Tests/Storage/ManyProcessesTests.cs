using Leat.Storage;
using Leat.Tests.Streams.Ends;

namespace Leat.Tests.Storage;

/// <summary>Eight processes use one directory, while its files are deleted, cut short, filled with garbage and collected.</summary>
[Collection(AloneCollection.Name)]
public sealed class ManyProcessesTests(ITestOutputHelper output)
{
    private const int Processes = 8;
    private const int Keys = 200;

    [Fact(Timeout = 600_000)]
    public async Task No_wrong_value_comes_of_it()
    {
        using var folder = new TemporaryDirectory();
        var cache = Cache.Directory(folder["cache"], new CacheOptions { Events = _ => { } });
        var time = TimeSpan.FromSeconds(Repeat.Times(2));
        using var end = new CancellationTokenSource();
        Task<int> harm = Task.Run(() => Harm(cache, end.Token));
        await using Pool pool = Pool.Processes(Processes, new ProcessPoolOptions { Output = _ => { } });

        List<(long Calls, long Wrong, CacheStatistics Statistics)> results = await (Enumerable.Range(0, Processes)
            | Stage.Map((int seed) => Hammer(cache, seed, time)).With(workers: Processes, batch: 1).On(pool)).ToListAsync();
        await end.CancelAsync();

        Assert.Equal(0, results.Sum(each => each.Wrong));
        Assert.All(results, each => Assert.True(each.Statistics is { Hits: > 0, Misses: > 0, Stored: > 0 }, $"{each.Statistics}"));
        cache.Clear();
        Assert.Equal(0, cache.Statistics().Entries);
        output.WriteLine($"{time.TotalSeconds} s: {results.Sum(each => each.Calls)} calls, {results.Sum(each => each.Statistics.Hits)} hits, "
            + $"{results.Sum(each => each.Statistics.Stored)} stored, {results.Sum(each => each.Statistics.Failures)} refused, {await harm} times harmed");
    }

    [Fact(Timeout = 60_000)]
    public async Task Who_misses_the_same_key_at_the_same_time_ends_with_one_entry()
    {
        using var folder = new TemporaryDirectory();
        var cache = Cache.Directory(folder["cache"], new CacheOptions { Required = true });
        await using Pool pool = Pool.Processes(4);
        Func<int, byte[]> function = cache.Wrap<int, byte[]>(Value, "value");
        List<int> lengths = await (Enumerable.Range(0, 400) | Stage.Map((int item) => function(item / 40).Length).With(workers: 4, batch: 1).On(pool)).ToListAsync();
        Assert.Equal(Enumerable.Range(0, 400).Select(item => Value(item / 40).Length), lengths);
        Assert.Equal(10, cache.Statistics().Entries);
    }

    [Fact(Timeout = 60_000)]
    public async Task Who_opens_a_cache_while_another_makes_it_is_not_refused()
    {
        using var folder = new TemporaryDirectory();
        for (int round = 0; round < Repeat.Times(300); round++)
        {
            string path = folder[$"cache{round}"];
            var first = Cache.Directory(path, new CacheOptions { Required = true });
            using var made = new ManualResetEventSlim();
            Task others = Task.Run(() =>
            {
                while (!made.IsSet) Assert.Equal(path, Cache.Directory(path).Path);
            });
            Assert.Equal(round + 1, first.Wrap<int, int>(number => number + 1, "next")(round));
            made.Set();
            await others;
        }
    }

    // In a worker process.
    private static (long Calls, long Wrong, CacheStatistics Statistics) Hammer(Cache shared, int seed, TimeSpan time)
    {
        var cache = Cache.Directory(shared.Path, new CacheOptions { Events = _ => { }, SizeLimit = seed == 0 ? 300_000 : null });
        Func<int, byte[]> function = cache.Wrap<int, byte[]>(Value, "value");
        var random = new Random(seed);
        long calls = 0, wrong = 0;
        long start = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(start) < time)
        {
            int key = random.Next(Keys);
            if (!function(key).AsSpan().SequenceEqual(Value(key))) wrong++;
            calls++;
            if (calls % 500 == 0) cache.Prune(maxSize: 500_000);
            if (calls % 300 == 0) cache.Hold().Dispose();
        }
        return (calls, wrong, cache.Statistics());
    }

    private static byte[] Value(int key)
    {
        byte[] value = new byte[key % 3 == 0 ? 6000 + key : key];
        new Random(key).NextBytes(value);
        return value;
    }

    private static int Harm(Cache cache, CancellationToken cancellationToken)
    {
        var random = new Random(99);
        int times = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            string[] kinds = ["entries", "entries", "objects", "functions"];
            CacheFile[] files = [.. CacheFiles.Files(Path.Combine(cache.Path, kinds[3])), .. kinds[..3].SelectMany(kind => CacheFiles.Below(Path.Combine(cache.Path, kind)))];
            for (int i = 0; i < Math.Min(20, files.Length); i++)
            {
                if (TryHarm(files[random.Next(files.Length)].Path, random)) times++;
            }
            if (random.Next(200) == 0) TryClear(cache);
            cancellationToken.WaitHandle.WaitOne(1);
        }
        return times;
    }

    private static bool TryHarm(string file, Random random)
    {
        try
        {
            byte[] garbage = new byte[random.Next(6000)];
            random.NextBytes(garbage);
            switch (random.Next(4))
            {
                case 0:
                    File.Delete(file);
                    break;
                case 1:
                    using (FileStream stream = new(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete)) stream.SetLength(random.NextInt64(stream.Length + 1));
                    break;
                case 2:
                    using (FileStream stream = new(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete))
                    {
                        stream.Position = random.NextInt64(stream.Length + 1);
                        stream.Write(garbage);
                    }
                    break;
                default:
                    File.WriteAllBytes(file, garbage);
                    break;
            }
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static void TryClear(Cache cache)
    {
        try
        {
            cache.Clear();
        }
        catch (LeatException)
        {
            // Others write meanwhile.
        }
    }
}
