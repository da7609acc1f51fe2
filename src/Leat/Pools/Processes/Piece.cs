namespace Leat.Pools;

/// <summary>Items of a submission that lie one behind the other, and go to one worker.</summary>
internal sealed class Piece(Submission submission, int from, int to)
{
    private static ulong last;

    /// <summary>The order of a session's items.</summary>
    public static Comparison<Piece> InOrder { get; } = static (a, b) =>
        a.Submission == b.Submission ? a.From.CompareTo(b.From) : a.Submission.Number.CompareTo(b.Submission.Number);

    public ulong Id { get; } = Interlocked.Increment(ref last);

    public Submission Submission => submission;

    public PoolSession Session => submission.Session;

    public int From { get; } = from;

    /// <summary>The index behind the last item. What is given back is another piece then.</summary>
    public int To { get; set; } = to;

    /// <summary>The first item that has not ended.</summary>
    public int Next { get; set; } = from;

    public int Left => To - Next;

    /// <summary>True when a worker was lost that had it, so that it goes to one that has nothing else.</summary>
    public bool IsSuspect { get; init; }

    /// <summary>True when it was given back, because an item before it took long.</summary>
    public bool WasReturned { get; init; }

    /// <summary>True when the session's input ends behind it.</summary>
    public bool IsLast { get; init; }

    /// <summary>
    /// True when its worker has to wait until some of an item's results are taken. Meanwhile the worker is free for others: perhaps
    /// for those that have to take them.
    /// </summary>
    public bool IsBlocked { get; set; }

    /// <summary>Which of the function's instances on its worker has it.</summary>
    public int Instance { get; set; }

    /// <summary>True when it was given to a worker that had other work.</summary>
    public bool IsAhead { get; set; }

    /// <summary>True when its worker is at work on it, or will be as soon as it can.</summary>
    public bool IsWork => (Left > 0 || IsLast) && !IsBlocked;

    /// <summary>How its worker is to go through it.</summary>
    public RunModes Modes =>
        (IsSuspect ? RunModes.Careful : RunModes.None) | (IsLast ? RunModes.Last : RunModes.None) | (IsAhead ? RunModes.Ahead : RunModes.None);

    /// <summary>What was noted in advance that it will take.</summary>
    public long Estimate { get; set; }

    /// <summary>The item that was given up for its time, and with it its worker; -1 for none.</summary>
    public int TimedOut { get; set; } = -1;
}
