using System.Runtime.CompilerServices;

namespace Leat.Tests.Streams.Ends;

/// <summary>What went through a run can be collected behind it.</summary>
[Collection(AloneCollection.Name)]
public sealed class CollectableTests
{
    public enum Way
    {
        Completed,
        Failed,
        BrokenOff,
        Cancelled,
        Teed,
        Flow,
    }

    private sealed record Item(int Number);

    public static TheoryData<Way> All { get; } = new(Enum.GetValues<Way>());

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(All))]
    public async Task Items_pipes_and_stages_can_be_collected_after_the_run(Way way)
    {
        List<WeakReference> watched = await RunAsync(way);
        await Eventually.TrueAsync(
            () =>
            {
                Collect();
                return !watched.Exists(item => item.IsAlive);
            },
            () => $"{watched.Count(item => item.IsAlive)} of {watched.Count} objects are still held, the first is a {watched.First(item => item.IsAlive).Target}.");
    }

    [Fact(Timeout = 60_000)]
    public async Task Items_that_have_gone_through_are_not_held_by_a_run_that_goes_on()
    {
        List<WeakReference> watched = [];
        var rest = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using Flow flow = Flow.Start(ItemsThenAsync(watched, rest.Task) | Stage.Map<Item, Item>(item => item, workers: 2) | Stage.Tap<Item>(_ => { }) | Sink.None<Item>());
        // What is in a batch that is still to be filled, or in hands, may stay.
        await Eventually.TrueAsync(
            () =>
            {
                Collect();
                return watched.Count == 10_000 && watched.Count(item => item.IsAlive) <= 2_000;
            },
            () => $"{watched.Count(item => item.IsAlive)} of {watched.Count} items are still held.");
        rest.SetResult();
        await Ended.SoonAsync(flow.Completion);
    }

    // Not inlined: its locals would keep alive what is to be collected.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<List<WeakReference>> RunAsync(Way way)
    {
        List<WeakReference> watched = [];
        Stage<Item, Item> stage = Stage.Map<Item, Item>(item => way == Way.Failed && item.Number == 700 ? throw new TestFailureException("") : item, workers: 3);
        Pipe<Item> pipe = Items(watched, way is Way.BrokenOff or Way.Cancelled ? int.MaxValue : 1_000) | stage | Stage.FlatMap<Item, Item>(item => [item, item]);
        if (way == Way.Teed) pipe = Pipe.Zip(pipe, pipe) | Stage.Map<(Item, Item), Item>(pair => pair.Item1);
        watched.Add(new WeakReference(pipe));
        watched.Add(new WeakReference(stage));
        using var cancellation = new CancellationTokenSource();
        int seen = 0;
        try
        {
            if (way == Way.Flow)
            {
                await using Flow flow = Flow.Start(pipe);
                await flow.Completion;
                watched.Add(new WeakReference(flow));
                return watched;
            }

            await foreach (Item _ in pipe.WithCancellation(cancellation.Token))
            {
                seen++;
                if (way == Way.BrokenOff && seen == 500) break;
                if (way == Way.Cancelled && seen == 500) await cancellation.CancelAsync();
            }
        }
        catch (Exception error) when (error is PipelineException or OperationCanceledException)
        {
            // The ends of some.
        }
        return watched;
    }

    private static IEnumerable<Item> Items(List<WeakReference> watched, int count)
    {
        for (int i = 0; i < count; i++)
        {
            var item = new Item(i);
            if (i < 2_000) lock (watched) watched.Add(new WeakReference(item));
            yield return item;
        }
    }

    private static async IAsyncEnumerable<Item> ItemsThenAsync(List<WeakReference> watched, Task rest)
    {
        for (int i = 0; i < 10_000; i++)
        {
            var item = new Item(i);
            watched.Add(new WeakReference(item));
            yield return item;
        }
        await rest;
    }

#pragma warning disable RS0030, S1215 // These tests are about what can be collected.
    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
    }
#pragma warning restore RS0030, S1215
}
