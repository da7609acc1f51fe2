using Leat.Storage;

namespace Leat.Pools;

/// <summary>
/// A run's part of the machine, as against the other runs of the same user. What it holds stands in the <see cref="MachineTable"/>; what
/// comes back is kept at hand, for the next piece of work, until somebody else waits or nobody has wanted it for a moment.
/// </summary>
/// <remarks>
/// Who waits draws a ticket, higher than all others, and is served when nobody with a lower one waits: a run that needs 8 cores is not
/// starved by runs that need 1. A lease is taken whole, so that no two runs hold a part each and wait for the rest.
/// <para>
/// A run that is started by the work of another one, which waits for it, could wait for ever: for cores that the other holds, or
/// for somebody who waits for these. So it has one core of its own, which is that of the work that has started it, and goes on with what
/// there is when it has waited in vain for more.
/// </para>
/// </remarks>
internal sealed class MachineShare : QueuedShare
{
    // Who has something looks so often whether others wait for it.
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(40);

    // So long it goes on with it then: when short work of several runs takes turns, most of the time would go by between them.
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(30);

    // Who waits looks again after an eighth of the time that it has waited.
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(4);

    private static readonly TimeSpan LongestLock = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan UsualPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LeastPatience = TimeSpan.FromSeconds(1);

    private readonly MachineTable table;
    private readonly HashSet<int> ancestors = ProcessIdentity.CurrentAndAncestors();
    private readonly ITimer timer;
    private int used;
    private long usedMemory;
    private int held;
    private long heldMemory;
    private int own;
    private TimeSpan patience = UsualPatience;
    private int othersCores;
    private long othersMemory;
    private long ticket;
    private bool othersWait;
    private long sliceStart;
    private bool wasQuiet;
    private bool isOff;
    private long? lockedSince;
    private string? waiting;

    /// <summary>Takes part; nothing is held yet.</summary>
    public MachineShare(MachineTable table, CoreShareOptions options)
        : base(options)
    {
        this.table = table;
        timer = options.Clock.CreateTimer(static share => ((MachineShare)share!).OnTime(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    // Others wait, and have waited long enough.
    private bool IsOthersTurn => othersWait && Options.Clock.GetElapsedTime(sliceStart) >= Slice;

    /// <inheritdoc/>
    public override string? Waiting
    {
        get
        {
            lock (Gate) return waiting;
        }
    }

    protected override CoreLease? TakeAtOnce(int cores, long memory)
    {
        bool isThere = isOff || (!IsOthersTurn && used + cores <= held + own && usedMemory + memory <= heldMemory);
        return isThere ? Lease(cores, memory) : null;
    }

    protected override void GiveBack(CoreLease lease)
    {
        used -= lease.Cores;
        usedMemory -= lease.Memory;
        if (Count > 0 || IsOthersTurn) Serve();
    }

    protected override void Serve() => Turn(isTick: false);

    protected override void Close()
    {
        (used, usedMemory, waiting) = (0, 0, null);

        // Who has the table now is done in microseconds.
        for (int tries = 0; tries < 100 && (held > 0 || heldMemory > 0 || ticket > 0) && !isOff; tries++) Turn(isTick: false);
        timer.Dispose();
        table.Dispose();
    }

    private CoreLease Lease(int cores, long memory)
    {
        used += cores;
        usedMemory += memory;
        wasQuiet = false;
        return new CoreLease(this, cores, memory);
    }

    private void Turn(bool isTick)
    {
        try
        {
            if (!isOff && TryBeginTurn()) TakeTurn(isTick);
        }
        catch (Exception error) when (FileTrouble.IsOne(error))
        {
            TurnOff($"the table of those who hold them failed: {error.Message.TrimEnd('.')}");
        }

        if (isOff) GrantAll();
        Arm();
    }

    private void TakeTurn(bool isTick)
    {
        try
        {
            Look();
            while (First is { } claim && TryGrant(claim))
            {
                // Its turn has come: those who wait now have come later.
                if (ticket > 0) sliceStart = Options.Clock.GetTimestamp();
                ticket = 0;
            }

            Draw();
            Settle(isTick);
        }
        finally
        {
            table.EndTurn(held, heldMemory, ticket);
        }
    }

    private bool TryBeginTurn()
    {
        if (table.TryBeginTurn())
        {
            lockedSince = null;
            return true;
        }

        long now = Options.Clock.GetTimestamp();
        if (Options.Clock.GetElapsedTime(lockedSince ??= now, now) > LongestLock) TurnOff("a process has locked the table of those who hold them, and does not go on");
        return false;
    }

    private void Look()
    {
        bool waited = othersWait;
        othersWait = false;
        (own, othersCores, othersMemory) = (0, 0, 0);
        foreach (TableRecord other in table.Others)
        {
            othersWait |= other.Ticket > 0;
            othersCores += Math.Min(other.Cores, Options.MachineCores);
            othersMemory += Math.Min(other.Memory, Options.MachineMemory);
            if (other.Cores > 0 && ancestors.Contains(other.Process.Id)) own = 1;
        }

        if (othersWait && !waited) sliceStart = Options.Clock.GetTimestamp();
    }

    private bool TryGrant(CoreClaim claim)
    {
        // Less than the run may take: it is in use by this run itself, and comes back.
        if (used + claim.Cores > Options.MostCores || usedMemory + claim.Memory > Options.MostMemory) return false;
        bool isNext = table.Others.All(other => other.Ticket == 0 || (ticket > 0 && (ticket, table.Id).CompareTo((other.Ticket, other.Id)) < 0));
        int cores = isNext ? Options.MachineCores + own - used - othersCores : own - used;
        long memory = isNext ? Options.MachineMemory - usedMemory - othersMemory : 0;
        if (claim.Cores <= cores && claim.Memory <= memory)
        {
            Grant(Lease(claim.Cores, claim.Memory));
            return true;
        }

        if (own == 0 || used > 0 || Options.Clock.GetElapsedTime(claim.Since) < patience) return false;

        // As it was, so it will be next time.
        patience = LeastPatience;
        Grant(Lease(Math.Clamp(cores, 1, Math.Max(claim.Cores, 1)), Math.Clamp(memory, 0, claim.Memory)));
        return true;
    }

    // Who waits for others stands in line; who waits for the run's own work does not, or would be in their way.
    private void Draw()
    {
        CoreClaim? claim = First;
        bool waitsForOthers = claim is not null && used + claim.Cores <= Options.MostCores && usedMemory + claim.Memory <= Options.MostMemory;
        if (!waitsForOthers) ticket = 0;
        else if (ticket == 0) ticket = 1 + table.Others.Select(other => other.Ticket).DefaultIfEmpty().Max();
        waiting = claim is null ? null : Describe(claim, waitsForOthers);
    }

    private string Describe(CoreClaim claim, bool waitsForOthers)
    {
        string what = claim.Memory == 0 ? SharingWords.Cores(claim.Cores) : $"{SharingWords.Cores(claim.Cores)} and {SharingWords.Memory(claim.Memory)}";
        TableRecord? holder = table.Others.Where(other => other.Cores > 0 || other.Memory > 0).MaxBy(other => (other.Cores, other.Memory));
        TableRecord? before = table.Others.Where(other => other.Ticket > 0 && other.Ticket < ticket).MinBy(other => other.Ticket);
        return waitsForOthers && holder is not null ? $"{what}, held by {holder.Who}"
            : waitsForOthers && before is not null ? $"{what}, after {before.Who}"
            : $"{what}, in use by this run";
    }

    // What is not used is kept while nobody waits for it, or not long; not after a tick without any use, nor for who needs more, since
    // those behind it stand in line.
    private void Settle(bool isTick)
    {
        int needed = Math.Max(0, used - own);
        bool keeps = !IsOthersTurn && !(othersWait && Count > 0) && !IsClosed && !(isTick && wasQuiet);
        held = keeps ? Math.Max(needed, Math.Min(held, Options.MachineCores - othersCores)) : needed;
        heldMemory = keeps ? Math.Max(usedMemory, Math.Min(heldMemory, Options.MachineMemory - othersMemory)) : usedMemory;
        if (isTick && Count == 0) wasQuiet = true;
    }

    private void TurnOff(string reason)
    {
        isOff = true;
        Options.Tell(SharingWords.NoSharing(reason));
    }

    private void GrantAll()
    {
        while (First is { } claim) Grant(Lease(claim.Cores, claim.Memory));
        waiting = null;
    }

    // How soon to look again.
    private void Arm()
    {
        TimeSpan pause = Tick;
        if (First is { } claim) pause = TimeSpan.FromTicks(Math.Clamp(Options.Clock.GetElapsedTime(claim.Since).Ticks / 8, ShortestPause.Ticks, Tick.Ticks));
        else if (isOff || (held == 0 && heldMemory == 0)) pause = Timeout.InfiniteTimeSpan;
        else if (othersWait) pause = ShortestPause;
        timer.Change(pause, Timeout.InfiniteTimeSpan);
    }

    private void OnTime()
    {
        lock (Gate)
        {
            if (!IsClosed) Turn(isTick: true);
        }
    }
}
