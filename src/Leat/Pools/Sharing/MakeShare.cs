using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Leat.Pools;

/// <summary>
/// A run's part of the jobs of a <c>make</c>. Make has started the run as one job, so one core is its own; each further one is a token,
/// which is given back as soon as it is not used, for make has other things to do with it. Make knows nothing of memory.
/// </summary>
internal sealed class MakeShare : QueuedShare
{
    // So long are some tokens held, in the hope of the others that a piece of work needs as well.
    private static readonly TimeSpan LongestHope = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan UsualPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LeastPatience = TimeSpan.FromSeconds(1);

    private readonly MakeTokens tokens;
    private readonly int most;
    private readonly List<byte> hoped = [];
    private readonly List<byte> lent = [];
    private readonly ManualResetEventSlim changed = new();
    private readonly IDisposable[] endings;
    private int used;
    private TimeSpan patience = UsualPatience;
    private bool isWatched;

    /// <summary>Takes part.</summary>
    /// <param name="tokens">The pipe.</param>
    /// <param name="jobs">How many jobs there may be in all, if make says so: more can never be had.</param>
    /// <param name="options">What this run takes at most.</param>
    public MakeShare(MakeTokens tokens, int? jobs, CoreShareOptions options)
        : base(options)
    {
        (this.tokens, most) = (tokens, Math.Max(1, Math.Min(options.MostCores, jobs ?? int.MaxValue)));

        // A run that is ended from outside gives back what it can. Whether it ends is not decided here.
        AppDomain.CurrentDomain.ProcessExit += OnEnd;
        AppDomain.CurrentDomain.UnhandledException += OnEnd;
        endings = [.. ((PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT]).Select(signal => PosixSignalRegistration.Create(signal, _ => GiveAll()))];
    }

    /// <inheritdoc/>
    public override string? Waiting
    {
        get
        {
            lock (Gate) return First is { } claim ? $"{SharingWords.Cores(Math.Min(claim.Cores, most))}, of those that make has for its jobs" : null;
        }
    }

    public override async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnEnd;
        AppDomain.CurrentDomain.UnhandledException -= OnEnd;
        foreach (IDisposable each in endings) each.Dispose();
        await base.DisposeAsync().ConfigureAwait(false);
    }

    protected override CoreLease? TakeAtOnce(int cores, long memory) => TryLease(Math.Min(cores, most), memory, isLast: true);

    protected override void Serve()
    {
        while (First is { } claim && TryLease(Math.Min(claim.Cores, most), claim.Memory, isLast: !isWatched) is { } lease) Grant(lease);
        if (Count == 0 || isWatched) return;
        isWatched = true;
        new Thread(Watch) { IsBackground = true, Name = "Leat waits for make" }.Start();
    }

    protected override void GiveBack(CoreLease lease)
    {
        used -= lease.Cores;
        foreach (byte token in lease.Tokens)
        {
            // When the process is being ended all were given back at once.
            if (lent.Remove(token)) tokens.Give(token);
        }

        if (Count == 0) return;
        changed.Set();
        Serve();
    }

    protected override void Close()
    {
        GiveAll();
        changed.Set();
        if (!isWatched) CloseFiles();
    }

    // Takes what is missing from the pipe; all, or in the end nothing.
    private CoreLease? TryLease(int cores, long memory, bool isLast)
    {
        if (!CanLease(cores)) return null;

        // One core needs no token, if nobody of this run has it.
        int missing = used + cores - 1 - lent.Count;
        while (hoped.Count < missing && tokens.TryTake(out byte token)) hoped.Add(token);
        if (hoped.Count >= missing) return Lease(cores, memory, Math.Max(missing, 0));

        if (isLast) GiveHoped();
        return null;
    }

    private CoreLease Lease(int cores, long memory, int count)
    {
        byte[] own = [.. hoped[..count]];
        hoped.RemoveRange(0, count);
        lent.AddRange(own);
        used += cores;
        GiveHoped();
        return new CoreLease(this, cores, memory) { Tokens = own };
    }

    private void GiveHoped()
    {
        foreach (byte token in hoped) tokens.Give(token);
        hoped.Clear();
    }

    private void GiveAll()
    {
        lock (Gate)
        {
            GiveHoped();
            foreach (byte token in lent) tokens.Give(token);
            lent.Clear();
        }
    }

    private void OnEnd(object? sender, EventArgs e) => GiveAll();

    // A thread of its own, which waits in the kernel as make does: who only looked from time to time would get what make has left over.
    private void Watch()
    {
        long hopeful = Options.Clock.GetTimestamp();
        while (true)
        {
            bool rests, wantsTokens;
            lock (Gate)
            {
                if (hoped.Count == 0) hopeful = Options.Clock.GetTimestamp();
                if (!IsClosed) Serve();
                if (First is { } first && used == 0 && Options.Clock.GetElapsedTime(first.Since) > patience) GrantFewer(first);
                if (First is not { } claim) break;
                wantsTokens = CanLease(claim.Cores);
                rests = hoped.Count > 0 && Options.Clock.GetElapsedTime(hopeful) > LongestHope;
                if (rests) GiveHoped();
                changed.Reset();
            }

            // Two that each have a part of what they need would never have the rest, but for one of them resting longer.
            if (rests) changed.Wait(RandomNumberGenerator.GetInt32(20, 150));
            else if (wantsTokens) tokens.Wait(Step);
            else changed.Wait(Step);
        }

        lock (Gate)
        {
            isWatched = false;
            GiveHoped();
            if (IsClosed) CloseFiles();
            else if (Count > 0) Serve();
        }
    }

    private bool CanLease(int cores) => used + Math.Min(cores, most) <= most;

    // Other jobs of make may take as long as this run, and be runs themselves, each of which has a token all the time; a process that
    // was killed takes its tokens with it; and a make before 4.2 does not say how many there are. As it was, so it will be next time.
    private void GrantFewer(CoreClaim claim)
    {
        int cores = Math.Min(claim.Cores, 1 + hoped.Count);
        if (patience == UsualPatience) Options.Tell(SharingWords.TokensMissing(Math.Min(claim.Cores, most), cores));
        patience = LeastPatience;
        Grant(Lease(cores, claim.Memory, Math.Max(0, cores - 1)));
    }

    private void CloseFiles()
    {
        tokens.Dispose();
        changed.Dispose();
    }
}
