using System.Diagnostics;
using Leat.Pools;
using Leat.Tests.Streams.Ends;

namespace Leat.Tests.Pools.Sharing;

/// <summary>Several processes share one machine.</summary>
[Collection(AloneCollection.Name)]
public sealed class ManyRunsTests(ITestOutputHelper output) : IDisposable
{
    private const int Cores = 4;
    private const long Memory = 1000;

    private readonly TemporaryDirectory folder = new();

    public void Dispose() => folder.Dispose();

    [Theory(Timeout = 600_000)]
    [InlineData(2)]
    [InlineData(4)]
    public async Task They_never_hold_more_than_there_is(int processes)
    {
        for (int round = 0; round < Repeat.Times(2); round++)
        {
            string path = folder.Path;
            List<Holding[]> holdings = await InProcessesAsync(processes, seed => Hammer(path, seed, takes: 40));
            (int cores, long memory) = Holding.Most(holdings.SelectMany(each => each));
            Assert.InRange(cores, 2, Cores);
            Assert.InRange(memory, 1, Memory);
            Assert.All(holdings, each => Assert.Equal(3 * 40, each.Length));
        }
    }

    [Fact(Timeout = 600_000)]
    public async Task What_a_killed_process_held_is_free()
    {
        for (int round = 0; round < Repeat.Times(2); round++)
        {
            string path = folder.Path, marker = folder[$"killed{round}"];
            List<long> waits = await InProcessesAsync(2, seed => TakeOrDie(path, marker, seed));
            output.WriteLine($"free after {TimeSpan.FromSeconds(waits.Max() / (double)Stopwatch.Frequency).TotalMilliseconds} ms");
        }
    }

    [Fact(Timeout = 600_000)]
    public async Task Who_needs_all_is_not_starved_by_those_who_need_one()
    {
        for (int round = 0; round < Repeat.Times(2); round++)
        {
            string path = folder.Path, end = folder[$"end{round}"];
            List<double> waits = await InProcessesAsync(3, seed => TakeAllOrOne(path, end, seed));
            output.WriteLine($"all cores after {waits.Max():F0} ms on average");
            Assert.InRange(waits.Max(), 0, 5000);
        }
    }

    [Fact(Timeout = 600_000)]
    public async Task Damage_to_the_table_does_no_more_than_let_somebody_in_too_early()
    {
        for (int round = 0; round < Repeat.Times(1); round++)
        {
            string path = folder.Path;
            using var end = new CancellationTokenSource();
            Task<int> harm = Task.Run(() => Harm(folder["cores"], end.Token));
            List<Holding[]> holdings = await InProcessesAsync(3, seed => Hammer(path, seed, takes: 30));
            await end.CancelAsync();
            Assert.All(holdings, each => Assert.Equal(3 * 30, each.Length));
            output.WriteLine($"{await harm} times harmed, {Holding.Most(holdings.SelectMany(each => each)).Cores} cores of {Cores} at most");
        }

        await using CoreShare share = Open(folder.Path);
        using CoreLease lease = await share.TakeAsync(Cores, 0, TestContext.Current.CancellationToken);
        Assert.Equal(Cores, lease.Cores);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_run_that_takes_and_gives_without_a_pause_lets_others_in()
    {
        string path = folder.Path, end = folder["end"];
        List<double> waits = await InProcessesAsync(2, seed => TakeAllOrAll(path, end, seed));
        output.WriteLine($"the other waited {waits.Max():F0} ms on average");

        // Not quite 70 ms on a quiet machine.
        Assert.InRange(waits.Max(), 0, 5000);
    }

    [Theory(Timeout = 120_000)]
    [InlineData(2)]
    [InlineData(10)]
    [InlineData(100)]
    public async Task Little_time_goes_by_between_the_work_of_two_runs(int milliseconds)
    {
        int count = 1000 / milliseconds;
        string path = folder.Path;
        List<Holding[]> holdings = await InProcessesAsync(2, seed => Work(path, count, milliseconds));
        Holding[] all = [.. holdings.SelectMany(each => each)];
        double busy = all.Sum(each => each.End - each.Start);
        double there = Cores * (double)(all.Max(each => each.End) - all.Min(each => each.Start));
        output.WriteLine($"{busy / there:P0} of the cores were at work");

        // About 40, 85 and 95 % on a quiet machine; on a busy one others take their part.
        Assert.InRange(busy / there, 0.02, 1);
    }

    internal static CoreShare Open(string path) =>
        CoreShare.Open(new CoreShareOptions { Directory = path, MachineCores = Cores, MachineMemory = Memory, MakeFlags = null, Tell = text => throw new InvalidOperationException(text) });

    private static async Task<List<T>> InProcessesAsync<T>(int processes, Func<int, Task<T>> body)
    {
        await using Pool pool = Pool.Processes(processes, new ProcessPoolOptions { Output = _ => { } });
        return await (Enumerable.Range(0, processes) | Stage.Map<int, T>((seed, _) => new ValueTask<T>(body(seed))).With(workers: processes, batch: 1).On(pool)).ToListAsync();
    }

    // In a process of its own: three at a time take what they like.
    private static async Task<Holding[]> Hammer(string path, int seed, int takes)
    {
        await using CoreShare share = Open(path);
        Holding[][] all = await Task.WhenAll(Enumerable.Range(0, 3).Select(part => Task.Run(() => HammerPart(share, (seed * 3) + part, takes))));
        return [.. all.SelectMany(each => each)];
    }

    private static async Task<Holding[]> HammerPart(CoreShare share, int seed, int takes)
    {
        var random = new Random(seed);
        List<Holding> holdings = [];
        while (holdings.Count < takes)
        {
            using var impatience = new CancellationTokenSource();
            if (random.Next(5) == 0) impatience.CancelAfter(random.Next(20));
            try
            {
                using CoreLease lease = await share.TakeAsync(random.Next(1, Cores + 1), random.Next(2) * random.Next((int)Memory), impatience.Token);
                long start = Holding.Now;
                if (random.Next(2) == 0) await Task.Delay(random.Next(4));
                holdings.Add(new Holding(start, Holding.Now, lease.Cores, lease.Memory));
            }
            catch (OperationCanceledException)
            {
                _ = share.Waiting;
            }
        }

        return [.. holdings];
    }

    // As many at a time as there are cores for both.
    private static async Task<Holding[]> Work(string path, int count, int milliseconds)
    {
        await using CoreShare share = Open(path);
        Holding[][] all = await Task.WhenAll(Enumerable.Range(0, Cores).Select(_ => Task.Run(async () =>
        {
            List<Holding> holdings = [];
            while (holdings.Count < count)
            {
                using CoreLease lease = await share.TakeAsync(1, 0, CancellationToken.None);
                long start = Holding.Now;
                await Task.Delay(milliseconds);
                holdings.Add(new Holding(start, Holding.Now, 1, 0));
            }

            return holdings.ToArray();
        })));
        return [.. all.SelectMany(each => each)];
    }

    private static async Task<long> TakeOrDie(string path, string marker, int seed)
    {
        if (seed == 0)
        {
            if (File.Exists(marker)) return 0;
            CoreShare doomed = Open(path);
            await doomed.TakeAsync(Cores, Memory, CancellationToken.None);
            await File.WriteAllTextAsync(marker, "");
            Children.Kill(Environment.ProcessId);
        }

        while (!File.Exists(marker)) await Task.Delay(1);
        long start = Holding.Now;
        await using CoreShare share = Open(path);
        using CoreLease lease = await share.TakeAsync(Cores, Memory, CancellationToken.None);
        return Holding.Now - start;
    }

    // One takes all cores ten times, the others one core all the time.
    private static async Task<double> TakeAllOrOne(string path, string end, int seed)
    {
        await using CoreShare share = Open(path);
        if (seed == 0) return await TakeTenTimesAsync(share, end);
        await Task.WhenAll(Enumerable.Range(0, Cores).Select(async _ =>
        {
            while (!File.Exists(end))
            {
                using CoreLease lease = await share.TakeAsync(1, 0, CancellationToken.None);
                await Task.Delay(1);
            }
        }));
        return 0;
    }

    private static async Task<double> TakeAllOrAll(string path, string end, int seed)
    {
        await using CoreShare share = Open(path);
        if (seed == 0) return await TakeTenTimesAsync(share, end);
        while (!File.Exists(end))
        {
            for (int i = 0; i < 100; i++) (await share.TakeAsync(Cores, 0, CancellationToken.None)).Dispose();
        }

        return 0;
    }

    private static async Task<double> TakeTenTimesAsync(CoreShare share, string end)
    {
        await Task.Delay(100);
        TimeSpan waited = TimeSpan.Zero;
        for (int i = 0; i < 10; i++)
        {
            long start = Holding.Now;
            using (await share.TakeAsync(Cores, 0, CancellationToken.None)) waited += TimeProvider.System.GetElapsedTime(start);
            await Task.Delay(100);
        }

        await File.WriteAllTextAsync(end, "");
        return waited.TotalMilliseconds / 10;
    }

    private static int Harm(string table, CancellationToken cancellationToken)
    {
        var random = new Random(7);
        int times = 0;
        for (; !cancellationToken.IsCancellationRequested; times++)
        {
            cancellationToken.WaitHandle.WaitOne(1);
            try
            {
                using FileStream file = new(table, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
                byte[] garbage = new byte[random.Next(1, 2000)];
                random.NextBytes(garbage);
                switch (random.Next(12))
                {
                    case 0:
                        File.Delete(table);
                        break;
                    case 1:
                        file.SetLength(random.NextInt64(file.Length + 1));
                        break;
                    default:
                        file.Position = random.NextInt64(file.Length + 1);
                        file.Write(garbage, 0, random.Next(2) == 0 ? 1 : garbage.Length);
                        break;
                }
            }
            catch (IOException)
            {
                // Nobody has made it yet.
            }
        }

        return times;
    }
}
