using FsCheck;
using FsCheck.Fluent;

namespace Leat.Tests.Streams.Model;

/// <summary>Random pipelines against plain LINQ: the same sequence when everything is ordered, else the same multiset.</summary>
public sealed class RandomPlansTests
{
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(20);

    private static Config Often(int usual) => Config.QuickThrowOnFailure.WithMaxTest(usual * Repeat.Times(1)).WithEndSize(60);

    [Fact(Timeout = 600_000)]
    public Task A_run_gives_at_each_of_its_ends_what_LINQ_gives() => Task.Run(() => Check.One(Often(300), Prop.ForAll(Plans.Any, RunAllEndsAsync)));

    [Fact(Timeout = 600_000)]
    public Task An_enumeration_gives_what_LINQ_gives() => Task.Run(() => Check.One(Often(200), Prop.ForAll(Plans.Any, EnumerateAsync)));

    [Fact(Timeout = 600_000)]
    public Task A_blocking_enumeration_gives_what_LINQ_gives() => Task.Run(() => Check.One(Often(100), Prop.ForAll(Plans.Any, EnumerateBlockingAsync)));

    [Fact(Timeout = 600_000)]
    public Task The_last_result_is_that_of_LINQ() => Task.Run(() => Check.One(Often(100), Prop.ForAll(Plans.Any, ExecuteAsync)));

    private static async Task RunAllEndsAsync(Plan plan)
    {
        IReadOnlyList<Pipe<int>> pipes = Plumber.Build(plan);
        Dictionary<int, List<int>> results = plan.Ends.ToDictionary(end => end, _ => new List<int>());
        await using Flow flow = Flow.Start([.. results.Select(end => pipes[end.Key] | Sink.ForEach<int>(end.Value.Add))]);
        await WithoutHangAsync(flow.Completion, plan);
        foreach ((int end, List<int> actual) in results) Compare(plan, end, actual);
    }

    private static async Task EnumerateAsync(Plan plan)
    {
        List<int> actual = [];
        await WithoutHangAsync(Task.Run(async () => actual.AddRange(await Last(plan).ToListAsync())), plan);
        Compare(plan, plan.Steps.Length - 1, actual);
    }

    private static async Task EnumerateBlockingAsync(Plan plan)
    {
        List<int> actual = [];
        await WithoutHangAsync(Task.Factory.StartNew(() => actual.AddRange(Last(plan).Results()), TaskCreationOptions.LongRunning), plan);
        Compare(plan, plan.Steps.Length - 1, actual);
    }

    private static async Task ExecuteAsync(Plan plan)
    {
        (bool HasResult, int Result) last = default;
        await WithoutHangAsync(Task.Run(async () => last = await Last(plan).TryExecuteAsync()), plan);
        Prediction expected = Prediction.Of(plan)[^1];
        Assert.Equal(expected.Items.Count > 0, last.HasResult);
        if (last.HasResult && expected.IsOrdered) Assert.Equal(expected.Items[^1], last.Result);
    }

    private static Pipe<int> Last(Plan plan) => Plumber.Build(plan)[^1];

    private static async Task WithoutHangAsync(Task run, Plan plan)
    {
        try
        {
            await run.WaitAsync(Hang, TimeProvider.System);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"The run hangs:{plan}");
        }
    }

    private static void Compare(Plan plan, int end, IReadOnlyList<int> actual)
    {
        Prediction expected = Prediction.Of(plan)[end];
        if (!expected.Matches(actual))
        {
            Assert.Fail($"Step {end} gives [{string.Join(", ", actual)}]\ninstead of [{string.Join(", ", expected.Items)}]{(expected.IsOrdered ? "" : " in any order")}{plan}");
        }
    }
}
