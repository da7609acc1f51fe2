namespace Leat.Pools;

/// <summary>
/// What a run may use of the machine that it is on. Others may be there: runs of the same user, or the jobs of the <c>make</c> that
/// has started this one. Each piece of work takes a lease while it runs. Safe for several threads.
/// </summary>
internal abstract class CoreShare : IAsyncDisposable
{
    /// <summary>Null, or what is being waited for, for people: <c>3 cores, held by process 123 (dotnet pipeline.dll)</c>.</summary>
    public abstract string? Waiting { get; }

    /// <summary>
    /// Where there is a job server of <c>make</c>, it is asked for cores; else the machine's share, where all runs of this user meet;
    /// else, and where sharing is off, nobody.
    /// </summary>
    public static CoreShare Open(CoreShareOptions options)
    {
        if (!options.IsOn) return new NoShare(options);
        if (MakeFlags.Find(options.MakeFlags) is { } server)
        {
            MakeTokens? tokens = MakeTokens.TryOpen(server, out string? fault);
            if (tokens is not null) return new MakeShare(tokens, server.Jobs, options);
            options.Tell(SharingWords.NoJobServer(fault!));
        }

        if (!OperatingSystem.IsLinux()) return new NoShare(options);
        MachineTable? table = MachineTable.TryOpen(options.Directory, out string? reason);
        if (table is not null) return new MachineShare(table, options);
        options.Tell(SharingWords.NoSharing(reason!));
        return new NoShare(options);
    }

    /// <summary>
    /// Waits until so much is free for this run, and takes it, whole. A lease is given back by disposing it. Who comes first is served
    /// first, over all runs of the machine.
    /// </summary>
    /// <param name="cores">Cores; <see cref="Cores.All"/>, or more than this run may take, stands for as many as it may.</param>
    /// <param name="memory">Bytes of memory; more than this run may take stands for as much as it may.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="ObjectDisposedException">The share was disposed before or meanwhile.</exception>
    public abstract ValueTask<CoreLease> TakeAsync(int cores, long memory, CancellationToken cancellationToken);

    /// <summary>Gives everything back, whoever still has it, and ends all waiting.</summary>
    public abstract ValueTask DisposeAsync();

    /// <summary>A lease is given back.</summary>
    internal abstract void Return(CoreLease lease);
}
