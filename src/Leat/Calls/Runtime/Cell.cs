using Leat.Storage;

namespace Leat.Calls;

/// <summary>What is there of an element.</summary>
internal enum CellState : byte
{
    /// <summary>Nothing yet.</summary>
    Pending,

    /// <summary>Its value.</summary>
    Value,

    /// <summary>Its value as bytes: an <see cref="EncodedValue"/>, or a <see cref="CachedValue"/> that may still be in its store.</summary>
    Encoded,

    /// <summary>A failure.</summary>
    Failed,

    /// <summary>Nothing any more: all who needed it have had it.</summary>
    Released,
}

/// <summary>An element of a node.</summary>
/// <remarks>
/// <code>
///   Pending --a call ends--> Value, Encoded or Failed
///   Encoded --its value is asked for--> Value
///   Encoded --its bytes are lost--> Pending, and its call runs again
///   Value, Encoded --all users are done--> Released
/// </code>
/// </remarks>
internal struct Cell<T>
{
    public T Value;

    /// <summary>The bytes, what is known of them, or the <see cref="CallFailure"/>.</summary>
    public object? Form;

    public CellState State;

    /// <summary>True when the node's users know that it is complete.</summary>
    public bool IsTold;

    /// <summary>How many of those who use elements one by one still need it.</summary>
    public int Users;
}

/// <summary>Why an element has no value: a call that failed, and the way from that to here.</summary>
internal sealed class CallFailure(CallNode origin, int slot, Exception error)
{
    /// <summary>The node whose call failed.</summary>
    public CallNode Origin => origin;

    public int Slot => slot;

    public Exception Error => error;

    public int Attempts { get; init; } = 1;

    /// <summary>The arguments of the call, in words.</summary>
    public object? Arguments { get; init; }
}
