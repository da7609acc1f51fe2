using System.Diagnostics.CodeAnalysis;

namespace Leat;

/// <summary>What became of one item: a value, or the failure that travelled in its place.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
public readonly record struct Outcome<T>
{
    private readonly T? value;

    internal Outcome(T value) => this.value = value;

    internal Outcome(ItemFailure failure) => Failure = failure;

    /// <summary>The stage, the item's number, the item and the exception; null when there is a value.</summary>
    public ItemFailure? Failure { get; }

    /// <summary>True when there is a value.</summary>
    [MemberNotNullWhen(false, nameof(Failure))]
    public bool IsSuccess => Failure is null;

    /// <summary>The value.</summary>
    /// <exception cref="PipelineException">The item failed.</exception>
    public T Value => Failure is null ? value! : throw new PipelineException([Failure]);

    /// <summary>The value, or the failure in one line.</summary>
    public override string ToString() => Failure?.ToString() ?? $"{value}";
}
