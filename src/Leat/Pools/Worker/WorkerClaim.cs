using Leat.Encoding;

namespace Leat.Pools;

/// <summary>Some items that a worker was given at once, as they came. It goes through them in order.</summary>
internal sealed class WorkerClaim : IDisposable
{
    private readonly Lock gate = new();
    private readonly CancellationTokenSource cancellation = new();
    private readonly SemaphoreSlim credit = new(Protocol.PartsAhead);
    private readonly SemaphoreSlim go = new(0);
    private readonly EncodingReader items;
    private readonly RunModes modes;
    private readonly Frame frame;
    private int next;
    private int limit;
    private int watched = -1;

    /// <summary>Takes items as they came.</summary>
    /// <param name="id">The number by which the other side knows them.</param>
    /// <param name="modes">How they are to be worked on.</param>
    /// <param name="items">Their number, then each behind its length.</param>
    /// <param name="frame">What the items came in, returned with the claim's end.</param>
    public WorkerClaim(ulong id, RunModes modes, EncodingReader items, Frame frame)
    {
        Id = id;
        this.frame = frame;
        this.modes = modes;
        this.items = items;
        limit = items.Read<int>();
        Token = cancellation.Token;
    }

    public ulong Id { get; }

    public bool IsCareful => modes.HasFlag(RunModes.Careful);

    public bool IsLast => modes.HasFlag(RunModes.Last);

    /// <summary>True when it was sent before the end of the one before it was known.</summary>
    public bool IsAhead => modes.HasFlag(RunModes.Ahead);

    /// <summary>True when some of its items were taken away again.</summary>
    public bool HasGivenBack { get; private set; }

    /// <summary>True when there is nothing to do for it.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (gate)
            {
                return next >= limit && !IsLast;
            }
        }
    }

    /// <summary>True when nobody wants results of it any more.</summary>
    public bool IsUnwanted { get; private set; }

    /// <summary>Cancelled when its items are of no more use. Usable when the claim is over, too.</summary>
    public CancellationToken Token { get; }

    /// <summary>Starts the next item; its bytes are next in <paramref name="bytes"/>, and end at <paramref name="end"/>.</summary>
    public bool TryNext(out int index, out EncodingReader bytes, out int end)
    {
        bytes = items;
        end = 0;
        lock (gate)
        {
            index = next;
            if (next >= limit)
            {
                return false;
            }

            next++;
        }

        int length = items.Read<int>();
        end = items.Position + length;
        return true;
    }

    /// <summary>Takes away the items that were not started; false when there are none.</summary>
    public bool TryTakeRest(out int from)
    {
        lock (gate)
        {
            from = next;
            bool any = next < limit;
            limit = next;
            HasGivenBack |= any;
            return any;
        }
    }

    /// <summary>Called by the watch: true when the claim is where it was at the last beat.</summary>
    public bool IsOnSameItem()
    {
        lock (gate)
        {
            bool same = watched == next;
            watched = next;
            return same;
        }
    }

    /// <summary>Nobody wants more of it; a body that listens to its token ends, too.</summary>
    public void Refuse(bool cancel)
    {
        IsUnwanted = true;
        credit.Release(Protocol.PartsAhead);
        if (cancel)
        {
            // Not here: what the author has registered must not hold up the messages.
            _ = cancellation.CancelAsync();
        }
    }

    public void GrantCredit() => credit.Release();

    /// <summary>Takes the right to send a part; false when it has to be waited for.</summary>
    public bool TryTakeCredit() => IsUnwanted || credit.Wait(0);

    /// <summary>The item that was told of may start.</summary>
    public void Go() => go.Release();

    public Task WaitForGoAsync() => go.WaitAsync();

    public Task WaitForCreditAsync() => credit.WaitAsync();

    // The source of the token is not disposed: whoever cancels it may just have found the claim.
    public void Dispose() => frame.Return();
}
