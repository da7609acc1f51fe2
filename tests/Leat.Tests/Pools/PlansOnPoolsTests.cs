using FsCheck;
using FsCheck.Fluent;
using Leat.Tests.Streams.Model;

namespace Leat.Tests.Pools;

/// <summary>The random pipelines of the stream tests, with their stages on pools of every kind.</summary>
public sealed class PlansOnPoolsTests
{
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(60);

    [Theory(Timeout = 600_000)]
    [InlineData(PoolKind.Threads, 25)]
    [InlineData(PoolKind.Sockets, 25)]
    [InlineData(PoolKind.StandardStreams, 10)]
    [InlineData(PoolKind.Choppy, 10)]
    [InlineData(PoolKind.Agent, 20)]
    public async Task A_run_on_a_pool_gives_at_each_of_its_ends_what_LINQ_gives(PoolKind kind, int plans)
    {
        await using Pool pool = PoolKinds.Create(kind);
        Config often = Config.QuickThrowOnFailure.WithMaxTest(plans * Repeat.Times(1)).WithEndSize(60);
        await Task.Run(() => Check.One(often, Prop.ForAll(Plans.Any, plan => RunAsync(plan, pool, kind is PoolKind.Sockets or PoolKind.StandardStreams or PoolKind.Agent))));
    }

    private static async Task RunAsync(Plan plan, Pool pool, bool placesStreams)
    {
        IReadOnlyList<Pipe<int>> pipes = Plumber.Build(plan, pool, placesStreams);
        Dictionary<int, List<int>> results = plan.Ends.ToDictionary(end => end, _ => new List<int>());
        await using Flow flow = Flow.Start([.. results.Select(end => pipes[end.Key] | Sink.ForEach<int>(end.Value.Add))]);
        try
        {
            await flow.Completion.WaitAsync(Hang, TimeProvider.System);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"The run hangs, {pool.Stats()}:{plan}");
        }

        foreach ((int end, List<int> actual) in results)
        {
            Prediction expected = Prediction.Of(plan)[end];
            if (!expected.Matches(actual)) Assert.Fail($"Step {end} gives [{string.Join(", ", actual)}]\ninstead of [{string.Join(", ", expected.Items)}]{plan}");
        }
    }
}
