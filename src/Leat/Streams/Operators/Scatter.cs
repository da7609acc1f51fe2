using Leat.Streams;

namespace Leat;

public static partial class Stage
{
    /// <summary>
    /// Splits every item into parts, on which the next stages work, each with its own workers;
    /// <see cref="Gather{T}"/> puts them together again.
    /// </summary>
    /// <param name="split">Gives an item's parts, 0 or more. All are made before the first goes on.</param>
    public static Stage<TIn, Part<TPart>> Scatter<TIn, TPart>(Func<TIn, IEnumerable<TPart>> split) =>
        Make(NameOf(split, nameof(Scatter)), 1, new BodyFactory<TIn, Part<TPart>>(() => new ScatterBody<TIn, TPart>(split)) { IsStateful = true });

    /// <summary>
    /// Puts the parts of every scattered item together again, in their order, whatever order they come in; the items
    /// leave in their order too. A failed part makes its whole item a failure.
    /// </summary>
    public static Stage<Part<T>, T[]> Gather<T>() =>
        Make(nameof(Gather), 1, new BodyFactory<Part<T>, T[]>(() => new GatherBody<T>()) { IsStateful = true });

    /// <summary>Puts the parts of every scattered item together again and makes one result of them.</summary>
    /// <param name="combine">Makes the item's result of its parts' results, which come in their order.</param>
    /// <returns>Two stages, <see cref="Gather{T}()"/> and a map; compose them by hand to give the map options.</returns>
    public static Stage<Part<T>, TOut> Gather<T, TOut>(Func<IReadOnlyList<T>, TOut> combine) =>
        Gather<T>().Then(Map((T[] parts) => combine(parts)).Named(NameOf(combine, "Combine")));
}

/// <summary>A scatter's body. It numbers all that passes, failures included, so that the gather can keep the order.</summary>
internal sealed class ScatterBody<TIn, TPart>(Func<TIn, IEnumerable<TPart>> split) : ItemBody<TIn, Part<TPart>>
{
    private long items;

    public override async ValueTask OneAsync(TIn item, Emitter<Part<TPart>> output, CancellationToken cancellationToken)
    {
        TPart[] parts = [.. split(item)];
        long number = items++;
        if (parts.Length == 0)
        {
            await output.AddAsync(new Part<TPart>(new PartPlace(number, 0, IsLast: true), [])).ConfigureAwait(false);
        }

        for (int i = 0; i < parts.Length; i++)
        {
            var place = new PartPlace(number, i, i == parts.Length - 1);
            if (!await output.AddAsync(new Part<TPart>(place, [parts[i]])).ConfigureAwait(false))
            {
                return;
            }
        }
    }

    public override async ValueTask<bool> TryTakeFailureAsync(ItemFailure failure, Emitter<Part<TPart>> output)
    {
        await output.AddFailureAsync(failure with { Place = TakePlace(default), Origin = failure.Origin }).ConfigureAwait(false);
        return true;
    }

    public override PartPlace? TakePlace(TIn? item) => new PartPlace(items++, 0, IsLast: true);
}

/// <summary>A body that works on what is in the parts, and gives each part on with what came of it.</summary>
internal sealed class PartBody<TIn, TOut>(ItemBody<TIn, TOut> inner) : ItemBody<Part<TIn>, Part<TOut>>
{
    private readonly Emitter<TOut> results = new();

    public override async ValueTask OneAsync(Part<TIn> item, Emitter<Part<TOut>> output, CancellationToken cancellationToken)
    {
        results.Discard();
        foreach (TIn value in item.Values)
        {
            await inner.OneAsync(value, results, cancellationToken).ConfigureAwait(false);
        }

        await output.AddAsync(new Part<TOut>(item.Place, results.TakeAll())).ConfigureAwait(false);
    }

    public override PartPlace? TakePlace(Part<TIn>? item) => item?.Place;

    public override bool NeedsDisposal => inner.NeedsDisposal;

    public override ValueTask DisposeAsync() => inner.DisposeAsync();
}

/// <summary>A gather's body.</summary>
internal sealed class GatherBody<T> : ItemBody<Part<T>, T[]>
{
    private readonly Dictionary<long, Group> groups = [];
    private long next;

    public override async ValueTask OneAsync(Part<T> item, Emitter<T[]> output, CancellationToken cancellationToken)
    {
        GroupOf(item.Place).Add(item.Place, item.Values);
        await EmitCompleteAsync(output).ConfigureAwait(false);
    }

    public override async ValueTask<bool> TryTakeFailureAsync(ItemFailure failure, Emitter<T[]> output)
    {
        if (failure.Place is not { } place)
        {
            return false;
        }

        GroupOf(place).Fail(place, failure);
        await EmitCompleteAsync(output).ConfigureAwait(false);
        return true;
    }

    public override ValueTask CompleteAsync(LinkEnd end, Emitter<T[]> output) =>
        groups.Count == 0 || end != LinkEnd.Completed
            ? ValueTask.CompletedTask
            : throw StreamErrors.PartsMissing(groups.Count);

    private Group GroupOf(PartPlace place)
    {
        if (!groups.TryGetValue(place.Item, out Group? group))
        {
            group = new Group();
            groups.Add(place.Item, group);
        }

        return group;
    }

    private async ValueTask EmitCompleteAsync(Emitter<T[]> output)
    {
        while (groups.TryGetValue(next, out Group? group) && group.IsComplete)
        {
            groups.Remove(next++);
            if (group.Failure is null)
            {
                await output.AddAsync(group.InOrder()).ConfigureAwait(false);
            }
            else if (!group.Failure.Skipped)
            {
                await output.AddFailureAsync(group.Failure with { Place = null, Origin = group.Failure.Origin }).ConfigureAwait(false);
            }
        }
    }

    private sealed class Group
    {
        private readonly SortedDictionary<int, T[]> parts = [];
        private int count = -1;

        public ItemFailure? Failure { get; private set; }

        public bool IsComplete => parts.Count == count;

        public void Add(PartPlace place, T[] values)
        {
            parts[place.Index] = values;
            count = place.IsLast ? place.Index + 1 : count;
        }

        // A failure outweighs a skip: the item must not vanish when one of its parts is to be told about.
        public void Fail(PartPlace place, ItemFailure failure)
        {
            Add(place, []);
            Failure = Failure is null or { Skipped: true } ? failure : Failure;
        }

        public T[] InOrder() => [.. parts.Values.SelectMany(values => values)];
    }
}
