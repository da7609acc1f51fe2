using Leat.Streams;

namespace Leat;

public static partial class Stage
{
    /// <summary>Lets the first items through and then ends the stream: what comes before it stops promptly.</summary>
    /// <param name="count">How many items; 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    public static Stage<T, T> Take<T>(long count) =>
        count >= 0
            ? Make(nameof(Take), 1, new BodyFactory<T, T>(() => new TakeBody<T>(count)) { IsStateful = true })
            : throw StreamErrors.BadOption(nameof(count), count, "it can't be less than 0");
}

/// <summary>A take's body.</summary>
internal sealed class TakeBody<T>(long count) : ItemBody<T, T>
{
    private long left = count;

    public override bool IsSatisfied => left == 0;

    public override async ValueTask OneAsync(T item, Emitter<T> output, CancellationToken cancellationToken)
    {
        if (left > 0)
        {
            left--;
            await output.AddAsync(item).ConfigureAwait(false);
        }
    }
}
