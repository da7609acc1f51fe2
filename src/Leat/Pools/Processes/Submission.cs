using Leat.Encoding;

namespace Leat.Pools;

/// <summary>What there is of an item's results.</summary>
internal enum OutcomeState
{
    /// <summary>Nothing new.</summary>
    Waiting = 0,

    /// <summary>Some results, and more to come.</summary>
    Part,

    /// <summary>The item is done, and these are its last results.</summary>
    Done,

    /// <summary>The author's code threw.</summary>
    Failed,

    /// <summary>The item was not done, because it was cancelled.</summary>
    Cancelled,

    /// <summary>The function itself could not be made, so that no item can be done.</summary>
    NotOpened,
}

/// <summary>Some items that were given to a pool together, and what comes of each.</summary>
internal abstract class Submission(PoolSession session, int count, Action progress)
{
    private static long last;

    private readonly byte[] losses = new byte[count];
    private long time;

    /// <summary>Higher than those of all that were made before it.</summary>
    public long Number { get; } = Interlocked.Increment(ref last);

    public PoolSession Session => session;

    /// <summary>True when its results are not wanted any more.</summary>
    public volatile bool IsCancelled;

    /// <summary>The nanoseconds that the author's code has taken for its items so far.</summary>
    public long Time => Interlocked.Read(ref time);

    public void AddTime(long nanoseconds) => Interlocked.Add(ref time, nanoseconds);

    /// <summary>True when an item has failed.</summary>
    public abstract bool HasFailed(int index);

    /// <summary>Tells who waits that there is something new.</summary>
    public void Progress() => progress();

    /// <summary>What is not started is not done, what is at work is told to end.</summary>
    public void Cancel() => Session.Pool.Cancel(this);

    /// <summary>True when no more results of it are wanted, whatever is made of it.</summary>
    public bool IsRefused { get; private set; }

    /// <summary>Wants no more results of the items that are at work.</summary>
    public void Refuse()
    {
        IsRefused = true;
        Session.Pool.Refuse(this);
    }

    /// <summary>Notes that a worker was lost with an item in hand; returns how often that has happened to it.</summary>
    public int CountLoss(int index) => ++losses[index];

    /// <summary>Writes an item behind its length; false when it can't be encoded, which is its outcome then.</summary>
    public abstract bool TryEncode(int index, EncodingWriter writer);

    /// <summary>
    /// Takes results of an item; the last ones if it is <paramref name="last"/>. False when more should come at once, because
    /// nobody takes parts.
    /// </summary>
    public abstract bool TakeResults(int index, EncodingReader reader, bool last);

    /// <summary>The item will be worked on from its start again: results that have come are not taken twice.</summary>
    public abstract void Restart(int index);

    /// <summary>The item ends without results, or without more.</summary>
    public abstract void End(int index, OutcomeState state, Exception? error);
}

/// <summary>A submission whose items and results have these types.</summary>
/// <remarks>
/// Threads that read from workers fill in outcomes, one at a time for each item; one consumer takes them. Most items have one
/// result, which is stored and published without a lock.
/// </remarks>
internal sealed class Submission<TIn, TOut>(PoolSession<TIn, TOut> session, ReadOnlyMemory<TIn> items, Action progress)
    : Submission(session, items.Length, progress)
{
    private readonly Lock gate = new();
    private readonly Outcome[] outcomes = new Outcome[items.Length];
    private readonly Queue<int> news = [];

    /// <summary>The next item of which there is something new, in the order of the news. For sessions without an order.</summary>
    public bool TryGetNews(out int index)
    {
        lock (gate)
        {
            while (news.TryDequeue(out index))
            {
                if (!outcomes[index].IsTaken && outcomes[index].State != OutcomeState.Waiting)
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>True when there is nothing new of an item.</summary>
    public bool IsWaiting(int index) => outcomes[index].State == OutcomeState.Waiting;

    /// <summary>Takes what is new of an item.</summary>
    /// <param name="index">Which.</param>
    /// <param name="value">The result, where <paramref name="values"/> is null and the item has one.</param>
    /// <param name="values">The results, where they are not exactly one.</param>
    /// <param name="error">Why it failed.</param>
    public OutcomeState Take(int index, out TOut value, out List<TOut>? values, out Exception? error)
    {
        ref Outcome outcome = ref outcomes[index];
        if (session.IsOrdered && outcome.State == OutcomeState.Done)
        {
            (value, values, error) = (outcome.Value, outcome.Values, null);
            return OutcomeState.Done;
        }

        lock (gate)
        {
            OutcomeState state = outcome.State;
            (value, values, error) = (outcome.Value, outcome.Values, outcome.Error);
            if (state == OutcomeState.Part)
            {
                outcome.State = OutcomeState.Waiting;
                outcome.Values = null;
            }
            else if (state != OutcomeState.Waiting)
            {
                outcome.IsTaken = true;
            }

            return state;
        }
    }

    /// <summary>The parts that were taken of an item make room for more.</summary>
    public void GrantCredit(int index)
    {
        int parts;
        lock (gate)
        {
            parts = outcomes[index].Parts;
            outcomes[index].Parts = 0;
        }

        Session.Pool.GrantCredit(this, index, parts);
    }

    /// <inheritdoc/>
    public override bool HasFailed(int index)
    {
        lock (gate)
        {
            return outcomes[index].State == OutcomeState.Failed;
        }
    }

    /// <inheritdoc/>
    public override bool TryEncode(int index, EncodingWriter writer)
    {
        int start = writer.Count;
        int place = writer.OpenLength();
        try
        {
            writer.WriteAlone(session.Items, items.Span[index]);
            writer.CloseLength(place);
            return true;
        }
        catch (Exception error)
        {
            writer.Rewind(start);
            End(index, OutcomeState.Failed, error);
            return false;
        }
    }

    /// <inheritdoc/>
    public override bool TakeResults(int index, EncodingReader reader, bool last)
    {
        try
        {
            int count = reader.Read<int>();
            ref Outcome outcome = ref outcomes[index];
            if (last && count == 1 && outcome is { Received: 0, Skip: 0 })
            {
                outcome.Value = reader.ReadAlone(session.Results);
                Publish(index, OutcomeState.Done);
                return true;
            }

            var values = new List<TOut>(Math.Clamp(count, 0, reader.Left + 1));
            for (int i = 0; i < count; i++)
            {
                values.Add(reader.ReadAlone(session.Results));
            }

            return Append(index, values, last);
        }
        catch (EncodingException error)
        {
            End(index, OutcomeState.Failed, error);
            return true;
        }
    }

    /// <inheritdoc/>
    public override void End(int index, OutcomeState state, Exception? error)
    {
        lock (gate)
        {
            outcomes[index].Error = error;
        }

        Publish(index, state);
    }

    /// <inheritdoc/>
    public override void Restart(int index)
    {
        lock (gate)
        {
            ref Outcome outcome = ref outcomes[index];
            (outcome.Skip, outcome.Received, outcome.Parts) = (Math.Max(outcome.Skip, outcome.Received), 0, 0);
        }
    }

    private bool Append(int index, List<TOut> values, bool last)
    {
        lock (gate)
        {
            ref Outcome outcome = ref outcomes[index];
            int known = Math.Clamp(outcome.Skip - outcome.Received, 0, values.Count);
            outcome.Received += values.Count;
            values.RemoveRange(0, known);
            if (outcome.Values is { } before)
            {
                before.AddRange(values);
            }
            else
            {
                outcome.Values = values;
            }

            if (!last && session.IsWhole)
            {
                return false;
            }

            outcome.Parts += last ? 0 : 1;
            SetState(index, last ? OutcomeState.Done : OutcomeState.Part);
            return true;
        }
    }

    private void Publish(int index, OutcomeState state)
    {
        if (session.IsOrdered && outcomes[index].Received == 0)
        {
            outcomes[index].State = state;
            return;
        }

        lock (gate)
        {
            SetState(index, state);
        }
    }

    // Results that came before a failure, and are not taken yet, are handed over first.
    private void SetState(int index, OutcomeState state)
    {
        outcomes[index].State = state;
        if (!session.IsOrdered)
        {
            news.Enqueue(index);
        }
    }

    private struct Outcome
    {
        // Volatile, for what is published by it is read without a lock.
        private volatile OutcomeState state;
        public TOut Value;
        public List<TOut>? Values;
        public Exception? Error;
        public bool IsTaken;

        // How many results have come, how many of those had come before the item was started anew, and in how many parts.
        public int Received;
        public int Skip;
        public int Parts;

        public OutcomeState State
        {
            readonly get => state;
            set => state = value;
        }
    }
}
