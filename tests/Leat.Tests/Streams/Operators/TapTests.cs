using System.Collections.Concurrent;

namespace Leat.Tests.Streams.Operators;

public sealed class TapTests
{
    private static readonly int[] Items = [.. Enumerable.Range(0, 300)];
    private readonly ConcurrentQueue<int> seen = [];

    [Theory(Timeout = 30_000)]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Every_form_of_action_sees_every_item_and_lets_it_through(int form)
    {
        Stage<int, int> stage = form switch
        {
            0 => Stage.Tap<int>(seen.Enqueue),
            1 => Stage.Tap<int>(async Task (item) => await NoteAsync(item)),
            2 => Stage.Tap<int>(async Task (item, _) => await NoteAsync(item)),
            3 => Stage.Tap<int>(item => NoteAsync(item)),
            _ => Stage.Tap<int>((item, _) => NoteAsync(item)),
        };
        Assert.Equal(Items, await (Items | stage).ToListAsync());
        Assert.Equal(Items, seen);
        Assert.Equal(Items, await (Items | stage.With(workers: 4)).ToListAsync());
        Assert.Equal(Items, seen.Skip(Items.Length).Order());
    }

    [Theory(Timeout = 30_000)]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task ForEach_sees_every_item_and_gives_their_number(int form)
    {
        Stage<int, long> stage = form switch
        {
            0 => Stage.ForEach<int>(seen.Enqueue, workers: 3),
            1 => Stage.ForEach<int>(async Task (item) => await NoteAsync(item), workers: 3),
            2 => Stage.ForEach<int>(async Task (item, _) => await NoteAsync(item), workers: 3),
            3 => Stage.ForEach<int>(item => NoteAsync(item), workers: 3),
            _ => Stage.ForEach<int>((item, _) => NoteAsync(item), workers: 3),
        };
        Assert.Equal([300L], await (Items | stage).ToListAsync());
        Assert.Equal(Items, seen.Order());
    }

    [Fact(Timeout = 30_000)]
    public async Task ForEach_over_nothing_gives_zero() => Assert.Equal([0L], await (Array.Empty<int>() | Stage.ForEach<int>(seen.Enqueue)).ToListAsync());

    private async ValueTask NoteAsync(int item)
    {
        if (item % 5 == 0) await Task.Yield();
        seen.Enqueue(item);
    }
}
