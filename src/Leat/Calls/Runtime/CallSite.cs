using Leat.Storage;

namespace Leat.Calls;

/// <summary>One call while it is made: which, with what, and by whom.</summary>
internal sealed class CallSite : IArguments
{
    public const int MostArguments = 8;

    private readonly int[] slots = new int[MostArguments];
    private int ended;

    public CallingNode Node { get; private set; } = null!;

    public int Slot { get; private set; }

    /// <summary>The slot of each argument in its input.</summary>
    public Span<int> Slots => slots;

    /// <summary>When it was started, by the machine's stopwatch.</summary>
    public long Started { get; set; }

    /// <summary>Who makes it, and has to be told when it is left behind.</summary>
    public CallWorker? Worker { get; set; }

    /// <summary>The right to work that an asynchronous call has taken over from its worker, and since when it has it.</summary>
    public (Pools.Turn Turn, long Since)? Turn { get; set; }

    /// <summary>What tells equal calls of its end; null if it is not cached.</summary>
    public Flight? Flight { get; set; }

    /// <summary>Arguments that were sent to another process and name files.</summary>
    public List<EncodedValue> Sent { get; } = [];

    public void Set(CallingNode node, int slot)
    {
        if (Sent.Count > 0) Sent.Clear();
        Flight = null;
        Started = 0;
        Node = node;
        Slot = slot;
        ended = 0;
    }

    /// <summary>The same call, which has not ended.</summary>
    public CallSite Copy()
    {
        var copy = new CallSite();
        copy.Set(Node, Slot);
        Slots.CopyTo(copy.Slots);
        return copy;
    }

    /// <summary>True for the one who ends it: with its result, or by leaving it behind.</summary>
    public bool TryEnd() => Interlocked.Exchange(ref ended, 1) == 0;

    public bool HasEnded => Volatile.Read(ref ended) != 0;

    public T Get<T>(int index) => Node.ArgumentOf<T>(index, slots[index]);
}
