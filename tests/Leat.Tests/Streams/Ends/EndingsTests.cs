namespace Leat.Tests.Streams.Ends;

/// <summary>Every way for a run to end, over every kind of work: nothing of it is alive afterwards.</summary>
[Collection(AloneCollection.Name)]
public sealed class EndingsTests
{
    private const int Finite = 500;
    private const int Middle = 200;

    public enum Ending
    {
        Completion,
        SourceFails,
        FirstStageFails,
        MiddleStageFails,
        LastStageFails,
        SinkFails,
        CancelledBeforeStart,
        CancelledAtStart,
        CancelledInTheMiddle,
        EnoughTaken,
        StoppedDraining,
        StoppedAtOnce,
        Disposed,
        DisposedWhilePaused,
    }

    public static TheoryData<Work, Ending> All
    {
        get
        {
            var all = new TheoryData<Work, Ending>();
            foreach (Work work in Enum.GetValues<Work>())
            {
                foreach (Ending ending in Enum.GetValues<Ending>()) all.Add(work, ending);
            }
            return all;
        }
    }

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(All))]
    public async Task Nothing_is_left_of_a_run(Work work, Ending ending)
    {
        var leftovers = new Leftovers();
        for (int i = 0; i < Repeat.Times(3); i++)
        {
            var witness = new Witness();
            FlowState state = await RunAsync(work, ending, witness, asyncSource: i % 2 == 1);
            Assert.Equal(StateAfter(ending), state);
            await witness.AtRestAsync();
        }
        await leftovers.NoneAsync();
    }

    private static FlowState StateAfter(Ending ending) => ending switch
    {
        Ending.Completion or Ending.EnoughTaken or Ending.StoppedDraining => FlowState.Completed,
        Ending.SourceFails or Ending.FirstStageFails or Ending.MiddleStageFails or Ending.LastStageFails or Ending.SinkFails => FlowState.Failed,
        _ => FlowState.Cancelled,
    };

    private static async Task<FlowState> RunAsync(Work work, Ending ending, Witness witness, bool asyncSource)
    {
        int count = ending is Ending.Completion ? Finite : int.MaxValue;
        int failsAt = ending == Ending.SourceFails ? Middle : Witness.Never;
        Pipe<int> source = asyncSource ? Source.From(witness.ItemsAsync(count, failsAt)) : Source.From(witness.Items(count, failsAt));
        Pipe<int> first = work.Over(source, witness, ending == Ending.FirstStageFails ? Middle : Witness.Never);
        Pipe<int> middle = work.Over(first, witness, ending == Ending.MiddleStageFails ? Middle : Witness.Never);
        Pipe<int> last = work.Over(middle, witness, ending == Ending.LastStageFails ? Middle : Witness.Never);
        if (ending == Ending.EnoughTaken) last |= Stage.Take<int>(Middle);

        var inTheMiddle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int sunk = 0;
        Pipe pipe = last | Sink.ForEach<int>(_ =>
        {
            if (++sunk != Middle) return;
            inTheMiddle.SetResult();
            if (ending == Ending.SinkFails) throw new TestFailureException("sink");
        });

        using var cancellation = new CancellationTokenSource();
        if (ending == Ending.CancelledBeforeStart) await cancellation.CancelAsync();
        await using Flow flow = Flow.Start([pipe], cancellationToken: cancellation.Token);
        await BringToItsEndAsync(flow, ending, cancellation, inTheMiddle.Task);
        await Ended.SoonAsync(flow.Completion);
        return flow.State;
    }

    private static async Task BringToItsEndAsync(Flow flow, Ending ending, CancellationTokenSource cancellation, Task inTheMiddle)
    {
        switch (ending)
        {
            case Ending.CancelledAtStart:
                await cancellation.CancelAsync();
                break;
            case Ending.CancelledInTheMiddle:
                await Task.WhenAny(inTheMiddle, flow.Completion);
                await cancellation.CancelAsync();
                break;
            case Ending.StoppedDraining:
                await Task.WhenAny(inTheMiddle, flow.Completion);
                await Ended.SoonAsync(flow.StopAsync());
                break;
            case Ending.StoppedAtOnce:
                await Task.WhenAny(inTheMiddle, flow.Completion);
                await Ended.SoonAsync(flow.StopAsync(drain: false));
                break;
            case Ending.Disposed:
                await Task.WhenAny(inTheMiddle, flow.Completion);
                await Ended.SoonAsync(flow.DisposeAsync().AsTask());
                break;
            case Ending.DisposedWhilePaused:
                await Task.WhenAny(inTheMiddle, flow.Completion);
                await flow.PauseAsync();
                await Ended.SoonAsync(flow.DisposeAsync().AsTask());
                break;
        }
    }
}
