using Leat.Streams;

namespace Leat;

public static partial class Stage
{
    /// <summary>
    /// Puts all items together into one result, given at the end; nothing when an earlier stage fails, because a part
    /// is not the whole.
    /// </summary>
    /// <param name="seed">What an empty stream gives, and what the first item is put together with.</param>
    /// <param name="step">Puts the result so far and an item together.</param>
    public static Stage<TIn, TState> Fold<TIn, TState>(TState seed, Func<TState, TIn, TState> step) => Fold(() => seed, step);

    /// <summary>
    /// Puts all items together into one result, given at the end, with a seed made anew for every run: a list, a table.
    /// </summary>
    /// <param name="seed">Makes what an empty stream gives, and what the first item is put together with.</param>
    /// <param name="step">Puts the result so far and an item together.</param>
    public static Stage<TIn, TState> Fold<TIn, TState>(Func<TState> seed, Func<TState, TIn, TState> step) =>
        Make(NameOf(step, nameof(Fold)), 1, new BodyFactory<TIn, TState>(() => new FoldBody<TIn, TState>(seed(), step)) { IsStateful = true, MayTravel = true });
}

/// <summary>A fold's body.</summary>
internal sealed class FoldBody<TIn, TState>(TState seed, Func<TState, TIn, TState> step) : ItemBody<TIn, TState>
{
    private TState state = seed;

    public override bool HasLoop => true;

    public override void Loop(Claim<TIn> claim, Writer<TState> writer)
    {
        TIn[] items = claim.Batch!.Items;
        while (claim.TryNext(out int index))
        {
            state = step(state, items[index]);
        }
    }

    public override ValueTask OneAsync(TIn item, Emitter<TState> output, CancellationToken cancellationToken)
    {
        state = step(state, item);
        return ValueTask.CompletedTask;
    }

    public override async ValueTask CompleteAsync(LinkEnd end, Emitter<TState> output)
    {
        if (end == LinkEnd.Completed)
        {
            await output.AddAsync(state).ConfigureAwait(false);
        }
    }
}
