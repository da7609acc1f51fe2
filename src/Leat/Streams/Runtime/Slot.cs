namespace Leat.Streams;

/// <summary>
/// The place in an ordered stage's output of what one claim of input gives. Slots stand in the order of the input;
/// only the first one's results go on to the consumer, the others' wait in it.
/// </summary>
internal sealed class Slot<T>
{
    /// <summary>Places in the output that are still reserved for this slot.</summary>
    public int Reserved;

    /// <summary>True when no more results come.</summary>
    public bool Closed;

    /// <summary>True when the output ends, failed, behind this slot's results.</summary>
    public bool Terminal;

    public Slot<T>? Next;

    /// <summary>The worker that waits for this slot to be the first.</summary>
    public Lane? Waiter;

    private Batch<T>? head;
    private Batch<T>? tail;

    /// <summary>Results that wait in the slot.</summary>
    public int Held { get; private set; }

    public void Hold(Batch<T> batch)
    {
        Held += batch.Count;
        batch.Next = null;
        if (tail is null)
        {
            head = batch;
        }
        else
        {
            tail.Next = batch;
        }

        tail = batch;
    }

    public Batch<T>? TakeHeld()
    {
        Batch<T>? batch = head;
        if (batch is not null)
        {
            Held -= batch.Count;
            head = batch.Next;
            tail = head is null ? null : tail;
            batch.Next = null;
        }

        return batch;
    }
}
