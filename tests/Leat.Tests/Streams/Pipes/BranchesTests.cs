using System.Collections.Concurrent;

namespace Leat.Tests.Streams.Pipes;

/// <summary>Branches of a pipe that is used several times and that end before the others.</summary>
public sealed class BranchesTests
{
    private readonly ConcurrentQueue<RunEvent> events = [];

    private FlowOptions Listening => new() { Events = events.Enqueue };

    [Fact(Timeout = 30_000)]
    public async Task A_branch_that_stops_early_is_detached_and_the_other_completes()
    {
        for (int i = 0; i < Repeat.Times(20); i++)
        {
            events.Clear();
            List<int> all = [];
            List<int> few = [];
            Pipe<int> pipe = Enumerable.Range(0, 20_000) | Stage.Map<int, int>(item => item, workers: 3).Named("shared");
            await using Flow flow = Flow.Start([pipe | Stage.Take<int>(5) | Sink.ForEach<int>(few.Add), pipe | Sink.ForEach<int>(all.Add)], Listening);
            await Ended.SoonAsync(flow.Completion);
            Assert.Equal(FlowState.Completed, flow.State);
            Assert.Equal(Enumerable.Range(0, 5), few);
            Assert.Equal(Enumerable.Range(0, 20_000), all);
            Assert.Equal("shared", Assert.IsType<BranchDetached>(Assert.Single(events)).Stage);
        }
    }

    [Fact(Timeout = 30_000)]
    public async Task When_all_branches_stop_the_source_stops()
    {
        for (int i = 0; i < Repeat.Times(20); i++)
        {
            List<int> one = [];
            List<int> other = [];
            Pipe<int> pipe = Enumerable.Range(0, int.MaxValue) | Stage.Map<int, int>(item => item, workers: 3);
            await using Flow flow = Flow.Start(pipe | Stage.Take<int>(5) | Sink.ForEach<int>(one.Add), pipe | Stage.Take<int>(5_000) | Sink.ForEach<int>(other.Add));
            await Ended.SoonAsync(flow.Completion);
            Assert.Equal(FlowState.Completed, flow.State);
            Assert.Equal(Enumerable.Range(0, 5), one);
            Assert.Equal(Enumerable.Range(0, 5_000), other);
        }
    }

    [Fact(Timeout = 30_000)]
    public async Task A_branch_of_several_workers_and_parts_that_stops_early_holds_nobody_back()
    {
        for (int i = 0; i < Repeat.Times(50); i++)
        {
            Pipe<int> pipe = Source.From(Enumerable.Range(0, 81).ToList());
            Stage<int, int> parts = Stage.Scatter<int, int>(item => Enumerable.Range(0, (item + 2) % 5))
                | Stage.Map<int, int>(
                    async Task<int> (part) =>
                    {
                        if (part % 2 == 0) await Task.Yield();
                        return part;
                    },
                    workers: 6)
                | Stage.Gather<int, int>(all => all.Sum());
            int rest = 0;
            await using Flow flow = Flow.Start(pipe | parts | Stage.Take<int>(6).With(batch: 1) | Sink.None<int>(), Pipe.Merge(pipe) | Sink.ForEach<int>(_ => rest++));
            await Ended.SoonAsync(flow.Completion);
            Assert.Equal(81, rest);
        }
    }

    [Fact(Timeout = 30_000)]
    public async Task A_branch_that_fails_ends_the_run_and_the_other_gets_a_beginning_without_holes()
    {
        for (int i = 0; i < Repeat.Times(20); i++)
        {
            List<int> other = [];
            Pipe<int> pipe = Enumerable.Range(0, 10_000).ToArray() | Stage.Map<int, int>(item => item);
            await using Flow flow = Flow.Start(
                pipe | Stage.Map<int, int>(item => item == 50 ? throw new TestFailureException("fifty") : item) | Sink.None<int>(),
                pipe | Stage.FlatMap<int, int>(item => Enumerable.Range(item * 100, 100), workers: 1 + (i % 4)).With(capacity: 3) | Sink.ForEach<int>(other.Add));
            PipelineException error = await Ended.FailedAsync(flow);
            Assert.Equal("fifty", Assert.Single(error.Failures).Exception.Message);
            Assert.Equal(Enumerable.Range(0, other.Count), other);
        }
    }

    [Fact(Timeout = 30_000)]
    public async Task Failures_in_two_branches_at_once_are_both_told()
    {
        using var together = new Barrier(2);
        Stage<int, int> Fails(string name) => Stage.Map<int, int>(item =>
        {
            together.SignalAndWait(TimeSpan.FromSeconds(10));
            throw new TestFailureException(name);
        }).Named(name);

        for (int i = 0; i < Repeat.Times(20); i++)
        {
            Pipe<int> pipe = Enumerable.Range(0, int.MaxValue) | Stage.Map<int, int>(item => item);
            await using Flow flow = Flow.Start(pipe | Fails("one") | Sink.None<int>(), pipe | Fails("other") | Sink.None<int>());
            PipelineException error = await Ended.FailedAsync(flow);
            Assert.Equal(["one", "other"], error.Failures.Select(failure => failure.Stage).Order());
        }
    }

    [Fact(Timeout = 30_000)]
    public async Task A_carried_failure_reaches_every_branch()
    {
        Pipe<int> pipe = Enumerable.Range(0, 10) | Stage.Map<int, int>(item => item == 3 ? throw new TestFailureException("three") : item).With(onError: OnError.Carry);
        List<Outcome<(int, int)>> outcomes = await Pipe.Zip(pipe | Stage.Map<int, int>(item => item), pipe).Outcomes().ToListAsync();
        Assert.Equal(Enumerable.Range(0, 10).Select(item => item != 3), outcomes.Select(outcome => outcome.IsSuccess));
    }

    [Fact(Timeout = 30_000)]
    public async Task Ends_that_share_a_pipe_get_the_items_of_one_evaluation()
    {
        int evaluated = 0;
        Pipe<int> pipe = Enumerable.Range(0, 1_000) | Stage.Map<int, int>(item => Interlocked.Increment(ref evaluated));
        List<int>[] ends = [.. Enumerable.Range(0, 8).Select(_ => new List<int>())];
        await using Flow flow = Flow.Start([.. ends.Select(end => pipe | Sink.ForEach<int>(end.Add))]);
        await Ended.SoonAsync(flow.Completion);
        Assert.All(ends, end => Assert.Equal(Enumerable.Range(1, 1_000), end));
        Assert.Equal(1_000, evaluated);
    }
}
