using Leat.Encoding;

namespace Leat.Pools;

/// <summary>
/// What came of the items of one claim after the other, a record each, sent when it is much, when a claim ends, and by the watch
/// when an item takes long. <c>docs/worker-protocol.md</c> describes the records.
/// </summary>
internal sealed class ResultWriter(Outbox outbox)
{
    private const int LargestKept = 16 * 1024 * 1024;
    private const int LargestWaiting = 32 * 1024;
    private const int MostValues = 256;

    private readonly Lock gate = new();
    private readonly EncodingWriter writer = new();
    private int kindPlace = -1;
    private int lengthPlace;
    private int values;
    private ulong claim;

    /// <summary>What follows is of another claim.</summary>
    public void Start(ulong next)
    {
        lock (gate)
        {
            claim = next;
        }
    }

    /// <summary>Adds a result of an item. Returns true when it is time to send a part.</summary>
    /// <exception cref="EncodingException">It can't be encoded; it was not added.</exception>
    public bool AddValue<T>(int index, Codec<T> codec, T value)
    {
        lock (gate)
        {
            bool isFirst = kindPlace < 0;
            int start = writer.Count;
            if (isFirst)
            {
                Begin(ResultKind.Part, index);
                writer.Write(0);
            }

            try
            {
                writer.WriteAlone(codec, value);
            }
            catch (Exception)
            {
                if (isFirst)
                {
                    kindPlace = -1;
                    writer.Rewind(start);
                }

                throw;
            }

            values++;
            return values >= MostValues || writer.Count - kindPlace >= LargestWaiting;
        }
    }

    /// <summary>The item is done, with the values that were added.</summary>
    public void AddDone(int index)
    {
        lock (gate)
        {
            if (kindPlace < 0)
            {
                Begin(ResultKind.Done, index);
                writer.Write(0);
            }

            End(ResultKind.Done);
            FlushIfMuch();
        }
    }

    /// <summary>Adds a record without more in it.</summary>
    public void Add(int index, ResultKind kind)
    {
        lock (gate)
        {
            EndPart();
            Begin(kind, index);
            End(kind);
            FlushIfMuch();
        }
    }

    /// <summary>Adds what the author's code has thrown.</summary>
    public void AddError(int index, ResultKind kind, Exception error)
    {
        lock (gate)
        {
            EndPart();
            Begin(kind, index);
            ExceptionForm.Write(writer, error);
            End(kind);
            FlushIfMuch();
        }
    }

    /// <summary>Adds the last record and sends all.</summary>
    public void AddEnd(ulong nanoseconds)
    {
        lock (gate)
        {
            EndPart();
            Begin(ResultKind.End, 0);
            writer.WriteVarint(nanoseconds);
            End(ResultKind.End);
            Send();
        }
    }

    /// <summary>Sends what is there; an item's results in part only where there is credit for it. False where there is none.</summary>
    public bool TryFlush(WorkerClaim current)
    {
        lock (gate)
        {
            if (kindPlace >= 0 && (current.Id != claim || !current.TryTakeCredit()))
            {
                return false;
            }

            EndPart();
            Send();
            return true;
        }
    }

    /// <summary>Sends what is there; returns whether an item's results in part were among it.</summary>
    public bool Flush()
    {
        lock (gate)
        {
            bool isPart = kindPlace >= 0;
            EndPart();
            Send();
            return isPart;
        }
    }

    private void Begin(ResultKind kind, int index)
    {
        if (writer.Count == 0)
        {
            writer.WriteVarint(claim);
        }

        kindPlace = writer.Count;
        writer.Write((byte)kind);
        writer.WriteVarint((ulong)index);
        lengthPlace = writer.OpenLength();
        values = 0;
    }

    private void End(ResultKind kind)
    {
        writer.Replace(kindPlace, (byte)kind);
        if (kind is ResultKind.Done or ResultKind.Part)
        {
            writer.Replace(lengthPlace, values);
        }

        writer.CloseLength(lengthPlace);
        kindPlace = -1;
    }

    private void EndPart()
    {
        if (kindPlace >= 0)
        {
            End(ResultKind.Part);
        }
    }

    private void FlushIfMuch()
    {
        if (writer.Count >= LargestWaiting)
        {
            Send();
        }
    }

    private void Send()
    {
        if (writer.Count > 0)
        {
            outbox.Send(FromWorker.Results, writer.Written);
            writer.Clear(LargestKept);
        }
    }
}
