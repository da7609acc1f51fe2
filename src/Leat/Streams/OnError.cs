using Leat.Streams;

namespace Leat;

/// <summary>What a stage does with an item on which its body throws.</summary>
public sealed record OnError
{
    private OnError(ErrorAction action) => Action = action;

    /// <summary>
    /// The default: the results before the item are delivered, then the run ends with one
    /// <see cref="PipelineException"/> that names the stage, the item's number, the item and the cause.
    /// </summary>
    public static OnError Stop { get; } = new(ErrorAction.Stop);

    /// <summary>The item is dropped, counted in <see cref="StageStats.Skipped"/> and told as <see cref="ItemSkipped"/>.</summary>
    public static OnError Skip { get; } = new(ErrorAction.Skip);

    /// <summary>
    /// The failure travels to the end in the item's place; later stages are not called on it.
    /// <see cref="Pipe{T}.Outcomes"/> delivers it; every other consumer throws it at the end, after all results.
    /// </summary>
    public static OnError Carry { get; } = new(ErrorAction.Carry);

    /// <summary>How often the body is called again on a failed item; 0 by default.</summary>
    public int Retries { get; private init; }

    /// <summary>How long to wait before each retry; zero by default.</summary>
    public TimeSpan Delay { get; private init; }

    internal ErrorAction Action { get; }

    /// <summary>Calls the body again on a failed item.</summary>
    /// <param name="times">How often at most, 1 or more.</param>
    /// <param name="delay">How long to wait before each retry; not at all by default.</param>
    /// <param name="then">What to do when the last retry fails; <see cref="Stop"/> by default.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="times"/> is less than 1, or the delay is negative.</exception>
    public static OnError Retry(int times, TimeSpan delay = default, OnError? then = null)
    {
        if (times < 1)
        {
            throw StreamErrors.BadOption(nameof(times), times, "a retry is at least 1");
        }

        if (delay < TimeSpan.Zero)
        {
            throw StreamErrors.BadOption(nameof(delay), delay, "a delay can't be negative");
        }

        return (then ?? Stop) with { Retries = times, Delay = delay };
    }

    /// <summary>The policy in words.</summary>
    public override string ToString() => Retries == 0 ? $"{Action}" : $"Retry({Retries}), then {Action}";
}
