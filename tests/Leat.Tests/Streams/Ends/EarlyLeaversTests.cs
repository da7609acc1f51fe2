namespace Leat.Tests.Streams.Ends;

/// <summary>Consumers that leave before the end take the run with them.</summary>
[Collection(AloneCollection.Name)]
public sealed class EarlyLeaversTests
{
    public static MatrixTheoryData<Work, int> All { get; } = new(Enum.GetValues<Work>(), [0, 1, 3, 100]);

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(All))]
    public async Task Nothing_is_left_of_an_enumeration_that_was_broken_off(Work work, int taken)
    {
        var leftovers = new Leftovers();
        for (int i = 0; i < Repeat.Times(3); i++)
        {
            var witness = new Witness();
            Pipe<int> pipe = EndlessOver(work, witness);
            int seen = 0;
            IAsyncEnumerator<int> items = pipe.GetAsyncEnumerator();
            while (seen < taken && await items.MoveNextAsync()) seen++;
            await Ended.SoonAsync(items.DisposeAsync().AsTask(), "the disposal");
            Assert.Equal(taken, seen);
            await witness.AtRestAsync();
        }
        await leftovers.NoneAsync();
    }

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(All))]
    public async Task Nothing_is_left_of_a_blocking_enumeration_that_was_broken_off(Work work, int taken)
    {
        var leftovers = new Leftovers();
        for (int i = 0; i < Repeat.Times(2); i++)
        {
            var witness = new Witness();
            Task<int> seen = Task.Factory.StartNew(() => EndlessOver(work, witness).Results().Take(taken).Count(), TaskCreationOptions.LongRunning);
            await Ended.SoonAsync(seen, "the enumeration");
            Assert.Equal(taken, await seen);
            await witness.AtRestAsync();
        }
        await leftovers.NoneAsync();
    }

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(All))]
    public async Task Nothing_is_left_of_an_enumeration_that_was_cancelled(Work work, int taken)
    {
        var leftovers = new Leftovers();
        for (int i = 0; i < Repeat.Times(3); i++)
        {
            var witness = new Witness();
            using var cancellation = new CancellationTokenSource();
            int seen = 0;
            if (taken == 0) await cancellation.CancelAsync();
            Task enumeration = Task.Run(async () =>
            {
                await foreach (int _ in EndlessOver(work, witness).WithCancellation(cancellation.Token))
                {
                    if (++seen == taken) await cancellation.CancelAsync();
                }
            });
            await Ended.SoonAsync(enumeration, "the enumeration");
            OperationCanceledException error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => enumeration);
            Assert.Equal(cancellation.Token, error.CancellationToken);
            Assert.Equal(taken, seen);
            await witness.AtRestAsync();
        }
        await leftovers.NoneAsync();
    }

    [Fact(Timeout = 30_000)]
    public async Task An_enumerator_that_was_never_moved_starts_nothing()
    {
        var leftovers = new Leftovers();
        var witness = new Witness();
        IAsyncEnumerator<int> items = EndlessOver(Work.Stateful, witness).GetAsyncEnumerator();
        await items.DisposeAsync();
        Assert.False(await items.MoveNextAsync());
        Assert.Equal(0, witness.Calls);
        await leftovers.NoneAsync();
    }

    private static Pipe<int> EndlessOver(Work work, Witness witness) =>
        work.Over(work.Over(Source.From(witness.Items()), witness), witness);
}
