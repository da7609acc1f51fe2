namespace Leat.Tests.Pools;

/// <summary>What bodies can do to their process: the item fails that did it, and no other.</summary>
public sealed class LostWorkersTests(ITestOutputHelper output)
{
    private const int Guilty = 37;

    public static TheoryData<string, string> Crimes => new()
    {
        { "exits", "exit code 3" },
        { "is killed", "signal 9" },
        { "overflows its stack", "signal 6" },
        { "fails fast", "signal 6" },
        { "closes its files", "" },
    };

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(Crimes))]
    public async Task An_item_that_ends_its_worker_three_times_fails_alone(string crime, string end)
    {
        List<WorkerOutput> written = [];
        await using Pool pool = Pool.Processes(2, new ProcessPoolOptions { Output = written.Add });
        Stage<int, int> stage = Stage.Map((int item) => item == Guilty ? Commit(crime) : item * 2).With(onError: OnError.Carry).On(pool);

        List<Outcome<int>> outcomes = await (Enumerable.Range(0, 100) | stage).Outcomes().ToListAsync();

        Assert.Equal(Enumerable.Range(0, 100).Where(i => i != Guilty).Select(i => i * 2), outcomes.Where(each => each.IsSuccess).Select(each => each.Value));
        ItemFailure failure = outcomes[Guilty].Failure!;
        Assert.Equal((Guilty, (object)Guilty), ((int)failure.Number, failure.Item));
        var lost = Assert.IsType<WorkerLostException>(failure.Exception);
        Assert.Contains(end, lost.End, StringComparison.Ordinal);
        Assert.InRange(pool.Stats().Lost, 3, 6);
        if (crime == "exits") Assert.EndsWith("I am going to exit.\n", lost.Output, StringComparison.Ordinal);
        output.WriteLine($"{crime}: {lost.End}, after {pool.Stats().Lost} lost workers");
    }

    [Fact(Timeout = 60_000)]
    public async Task Garbage_on_the_workers_own_standard_output_harms_nobody()
    {
        List<WorkerOutput> written = [];
        await using Pool pool = Pool.Processes(2, new ProcessPoolOptions { Output = written.Add });

        List<int> results = await (Enumerable.Range(0, 100) | Stage.Map<int, int>(WriteGarbage).On(pool)).ToListAsync();

        Assert.Equal(Enumerable.Range(0, 100), results);
        await pool.DisposeAsync();
        Assert.Contains("garbage", string.Concat(written.Select(each => each.Text)), StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task An_item_beyond_its_timeout_costs_its_worker_and_fails_alone()
    {
        await using Pool pool = Pool.Processes(2);
        Stage<int, int> stage = Stage.Map((int item) => item % 10 == 5 ? Hang() : item).With(onError: OnError.Carry, timeout: TimeSpan.FromMilliseconds(150)).On(pool);

        List<Outcome<int>> outcomes = await (Enumerable.Range(0, 30) | stage).Outcomes().ToListAsync();

        Assert.Equal(Enumerable.Range(0, 30).Where(i => i % 10 != 5), outcomes.Where(each => each.IsSuccess).Select(each => each.Value));
        Assert.All(outcomes.Where(each => !each.IsSuccess), each => Assert.IsType<TimeoutException>(each.Failure!.Exception));
        Assert.Equal(3, pool.Stats().Lost);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_frozen_worker_costs_the_item_its_timeout_and_nothing_else()
    {
        await using Pool pool = Pool.Processes(1);
        Stage<int, int> stage = Stage.Map((int item) =>
        {
            if (item == 3) FreezeSelf();
            return item;
        }).With(onError: OnError.Skip, timeout: TimeSpan.FromMilliseconds(300)).On(pool);

        Assert.Equal([0, 1, 2, 4, 5], await (Enumerable.Range(0, 6) | stage).ToListAsync());
    }

    [Fact(Timeout = 60_000)]
    public async Task A_state_that_is_lost_with_its_worker_fails_the_run()
    {
        await using Pool pool = Pool.Processes(1);
        Stage<int, int> sum = Stage.Fold(0, (int total, int item) => item == Guilty ? Commit("exits") : total + item).On(pool);

        PipelineException error = await Assert.ThrowsAsync<PipelineException>(async () => await (Enumerable.Range(0, 100) | sum).ExecuteAsync());

        Assert.IsType<WorkerLostException>(error.Failures[0].Exception);
    }

    private static void FreezeSelf()
    {
        // It takes a moment until all threads stand still.
        Children.Freeze(Environment.ProcessId);
        Thread.Sleep(10_000);
    }

    private static int Hang()
    {
        Thread.Sleep(Timeout.Infinite);
        return 0;
    }

    private static int WriteGarbage(int item)
    {
        using Stream standard = Console.OpenStandardOutput();
        standard.Write("\0\u0001\u0002garbage\u00ff\n"u8);
        return item;
    }

    private static int Commit(string crime)
    {
        switch (crime)
        {
            case "exits":
                Console.WriteLine("I am going to exit.");
                Environment.Exit(3);
                break;
            case "is killed":
                Children.Kill(Environment.ProcessId);
                Hang();
                break;
            case "overflows its stack":
                return Recurse(1);
            case "fails fast":
                Environment.FailFast("On purpose.");
                break;
            case "closes its files":
                Children.CloseAllFiles();
                break;
        }
        return 0;
    }

    private static int Recurse(int depth) => depth + Recurse(depth + 1) + Recurse(depth + 2);
}
