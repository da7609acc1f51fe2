using Leat.Diagnostics;

namespace Leat.Streams;

/// <summary>One of the workers of a node: its lane, its counts, and whether it still belongs to the run.</summary>
internal class Worker(Run run)
{
    private int ended;

    public Lane Lane { get; } = new(run);

    public BodyTimes Times { get; private set; } = new();

    public long In;
    public long Out;
    public long Failed;
    public long Skipped;

    /// <summary>The name of the worker's node.</summary>
    public string Stage { get; set; } = "";

    /// <summary>True while the author's code runs, or may run, on this worker.</summary>
    public volatile bool Busy;

    /// <summary>The worker's right to work, where it shares a pool with others.</summary>
    public StageTurn? Turn { get; set; }

    /// <summary>Goes on counting where another worker has stopped.</summary>
    public void Inherit(Worker lost)
    {
        (In, Out, Failed, Skipped, Times) = (lost.In, lost.Out, lost.Failed, lost.Skipped, lost.Times);
    }

    /// <summary>Counts items that were taken in, for statistics and metrics.</summary>
    public void CountIn(int items)
    {
        In += items;
        if (Instruments.Items.Enabled)
        {
            Instruments.Items.Add(items, new KeyValuePair<string, object?>("stage", Stage));
        }
    }

    /// <summary>Counts an item on which the author's code failed, for statistics and metrics.</summary>
    public void CountFailure()
    {
        Failed++;
        if (Instruments.Failures.Enabled)
        {
            Instruments.Failures.Add(1, new KeyValuePair<string, object?>("stage", Stage));
        }
    }

    /// <summary>True for the one caller that ends the worker: the worker itself, or the run that abandons it.</summary>
    public bool TryEnd() => Interlocked.Exchange(ref ended, 1) == 0;

    public bool HasEnded => Volatile.Read(ref ended) != 0;
}
