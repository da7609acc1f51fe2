using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Leat.Tests.Streams.Pipes;

/// <summary>Declaring runs nothing; stages and pipes are values that can be used and run any number of times.</summary>
public sealed class DeclarationsTests
{
    private readonly Stage<int, int> plusOne = Stage.Map<int, int>(item => item + 1);
    private readonly Stage<int, int> twice = Stage.Map<int, int>(item => item * 2);

    [Fact(Timeout = 30_000)]
    public async Task Pipelines_that_share_a_beginning_do_not_change_each_other()
    {
        Stage<int, int> composed = plusOne | twice;
        Stage<int, int> longer = composed | plusOne;
        Pipe<int> pipe = new[] { 1, 2 } | plusOne;
        Pipe<int> one = pipe | twice;
        Pipe<int> other = pipe | plusOne;
        Assert.Equal([2, 3], await pipe.ToListAsync());
        Assert.Equal([4, 6], await one.ToListAsync());
        Assert.Equal([3, 4], await other.ToListAsync());
        Assert.Equal([4, 6], await (new[] { 1, 2 } | composed).ToListAsync());
        Assert.Equal([5, 7], await (new[] { 1, 2 } | longer).ToListAsync());
    }

    [Fact(Timeout = 30_000)]
    public async Task Composing_is_associative() => Assert.Equal(
        await (new[] { 1, 2, 3 } | plusOne | twice | plusOne).ToListAsync(),
        await (new[] { 1, 2, 3 } | (plusOne | (twice | plusOne))).ToListAsync());

    [Fact(Timeout = 30_000)]
    public async Task Operators_have_named_twins()
    {
        int[] items = [1, 2, 3];
        List<int> expected = [4, 6, 8];
        Assert.Equal(expected, await plusOne.Then(twice).Over(items).ToListAsync());
        Assert.Equal(expected, await plusOne.Over(Source.From(items)).Then(twice).ToListAsync());
        Assert.Equal(expected, await plusOne.Over(items.ToAsyncEnumerable()).Then(twice).ToListAsync());
        Assert.Equal(expected, await (items.ToAsyncEnumerable() | plusOne | twice).ToListAsync());
        Assert.Equal(expected, await (Full(items) | plusOne | twice).ToListAsync());
    }

    [Fact(Timeout = 30_000)]
    public async Task Each_enumeration_is_a_run_of_its_own()
    {
        int started = 0;
        IEnumerable<int> Items()
        {
            started++;
            yield return started;
        }

        Pipe<int> pipe = Items() | twice;
        Assert.Equal(0, started);
        Assert.Equal([2], await pipe.ToListAsync());
        Assert.Equal([4], pipe.Results());
        Assert.Equal(6, await pipe.ExecuteAsync());
        await using IAsyncEnumerator<int> one = pipe.GetAsyncEnumerator();
        await using IAsyncEnumerator<int> other = pipe.GetAsyncEnumerator();
        Assert.Equal(3, started);
        Assert.True(await one.MoveNextAsync());
        Assert.True(await other.MoveNextAsync());
        Assert.Equal((8, 10), (one.Current, other.Current));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_pipe_may_be_run_by_many_at_once()
    {
        Pipe<int> pipe = Enumerable.Range(0, 2_000) | plusOne.With(workers: 2) | Stage.Distinct<int>() | Stage.Fold<int, int>(0, (sum, item) => sum + item);
        int[] sums = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => pipe.ExecuteAsync().AsTask()));
        Assert.All(sums, sum => Assert.Equal(2_001_000, sum));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_pipe_of_thousands_of_stages_runs()
    {
        Pipe<int> pipe = Source.From([0]);
        for (int i = 0; i < 5_000; i++) pipe |= plusOne;
        Assert.Equal(5_000, await pipe.ExecuteAsync());
    }

    [Fact(Timeout = 30_000)]
    public async Task An_enumeration_that_has_ended_stays_ended()
    {
        await using IAsyncEnumerator<int> items = (new[] { 1 } | plusOne).GetAsyncEnumerator();
        Assert.True(await items.MoveNextAsync());
        Assert.False(await items.MoveNextAsync());
        Assert.False(await items.MoveNextAsync());
    }

    [Fact(Timeout = 30_000)]
    public async Task The_last_item_is_told_from_none()
    {
        Assert.Equal((true, 4), await (new[] { 1, 2, 3 } | plusOne).TryExecuteAsync());
        Assert.Equal((true, 0), await (new[] { -1 } | plusOne).TryExecuteAsync());
        Assert.Equal((false, 0), await (Array.Empty<int>() | plusOne).TryExecuteAsync());
        Assert.Equal(0, await (Array.Empty<int>() | plusOne).ExecuteAsync());
        Assert.Equal(50_000, await (Enumerable.Range(0, 50_000) | plusOne.With(workers: 3)).ExecuteAsync());
    }

    [Fact]
    public void Stages_lend_their_names_from_methods()
    {
        static int Local(int item) => item;
        Assert.Equal("Named", Stage.Map<int, int>(Named).Name);
        Assert.Equal("Local", Stage.Map<int, int>(Local).Name);
        Assert.Equal("Map", Stage.Map<int, int>(item => item).Name);
        Assert.Equal("Filter", Stage.Filter<int>(_ => true).Name);
        Assert.Equal("fetch", plusOne.Named("fetch").Name);
        Assert.Equal("Map | Map", (plusOne | twice).Name);
        Assert.Equal("Source | Map | fetch", (new[] { 1 } | plusOne | twice.Named("fetch")).ToString());
    }

    private static int Named(int item) => item;

    private static ChannelReader<int> Full(int[] items, [CallerMemberName] string name = "")
    {
        var channel = Channel.CreateUnbounded<int>();
        foreach (int item in items) Assert.True(channel.Writer.TryWrite(item), name);
        channel.Writer.Complete();
        return channel.Reader;
    }
}
