using Leat.Streams;

namespace Leat;

public static partial class Stage
{
    /// <summary>Puts every <paramref name="size"/> items together into one array; the last may be shorter.</summary>
    /// <param name="size">How many items; 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="size"/> is less than 1.</exception>
    public static Stage<T, T[]> Batch<T>(int size) =>
        size >= 1
            ? Make(nameof(Batch), 1, new BodyFactory<T, T[]>(() => new BatchBody<T>(size)) { IsStateful = true })
            : throw StreamErrors.BadOption(nameof(size), size, "a batch holds at least 1 item");
}

/// <summary>The body of a stage that makes batches.</summary>
internal sealed class BatchBody<T>(int size) : ItemBody<T, T[]>
{
    private readonly List<T> items = new(Math.Min(size, 1024));

    public override async ValueTask OneAsync(T item, Emitter<T[]> output, CancellationToken cancellationToken)
    {
        items.Add(item);
        if (items.Count == size)
        {
            await EmitAsync(output).ConfigureAwait(false);
        }
    }

    // After a failure too: these items are results so far.
    public override async ValueTask CompleteAsync(LinkEnd end, Emitter<T[]> output)
    {
        if (items.Count > 0)
        {
            await EmitAsync(output).ConfigureAwait(false);
        }
    }

    private async ValueTask EmitAsync(Emitter<T[]> output)
    {
        T[] batch = [.. items];
        items.Clear();
        await output.AddAsync(batch).ConfigureAwait(false);
    }
}
