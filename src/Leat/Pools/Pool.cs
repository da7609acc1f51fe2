using Leat.Encoding;
using Leat.Pools;

namespace Leat;

/// <summary>
/// Workers for any number of stages and runs, which are served in turn: who has had the least of the workers' time comes next.
/// Workers start when they are first needed, are used again, and end when the pool is disposed or the program ends.
/// </summary>
[StaysHere("a pool belongs to the program that made it, and so do its workers; make one inside the lambda, or leave it out")]
public abstract class Pool : IAsyncDisposable
{
    private protected Pool(int workers) => Size = Check(workers);

    /// <summary>How many items are worked on at the same time.</summary>
    public int Size { get; private set; }

    /// <summary>Workers that are threads of this program: nothing is copied, and a body can do what the program can.</summary>
    /// <param name="workers">How many items are worked on at the same time, over all stages that use the pool.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is less than 1 worker.</exception>
    public static Pool Threads(int workers) => new ThreadsPool(workers);

    /// <summary>
    /// Workers that are processes of this machine, started from this program without a hook in its <c>Main</c>. Functions and
    /// items are copied to them and results back; whatever a body does to its process, the program goes on.
    /// </summary>
    /// <param name="workers">How many processes there are at most; each works on one item at a time.</param>
    /// <param name="options">What else there is to say; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is less than 1 worker.</exception>
    /// <exception cref="LeatException">This program can't be started as a worker, because of the way in which it was published.</exception>
    public static Pool Processes(int workers, ProcessPoolOptions? options = null)
    {
        ProgramCommand.RefuseWhereImpossible();
        return new ProcessPool(workers, new SocketLauncher(), options ?? new ProcessPoolOptions());
    }

    /// <summary>
    /// Workers that are processes of other machines, reached by the system's <c>ssh</c> with its configuration, keys and agents. Nothing has to be
    /// installed there but .NET: the program's files are sent to each host once, and kept in <c>~/.cache/leat</c>.
    /// </summary>
    /// <param name="hosts">Each host, as <c>host</c>, <c>user@host</c>, <c>host:port</c> or <c>[address]:port</c>, and how many processes there are on it at most.</param>
    /// <exception cref="ArgumentException">A host is written wrongly, or there is none.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A host has less than 1 worker.</exception>
    /// <exception cref="LeatException">This program can't be started as a worker, because of the way in which it was published.</exception>
    public static Pool Ssh(params (string Host, int Workers)[] hosts) => Ssh(new RemotePoolOptions(), hosts);

    /// <inheritdoc cref="Ssh(ValueTuple{string, int}[])"/>
    /// <param name="options">What else there is to say.</param>
    /// <param name="hosts">Each host, as <c>host</c>, <c>user@host</c>, <c>host:port</c> or <c>[address]:port</c>, and how many processes there are on it at most.</param>
    public static Pool Ssh(RemotePoolOptions options, params (string Host, int Workers)[] hosts) =>
        Remote(options, hosts.Select(host => ((IHostTransport)new SshTransport(host.Host, options.SshArguments), host.Workers)));

    /// <summary>
    /// Workers that are processes on the nodes of a Slurm cluster, reached by its <c>srun</c>: in allocations that are asked for when there is work, and given
    /// back when there is none, or the pool is disposed. Nothing has to be installed on the nodes but .NET.
    /// </summary>
    /// <param name="options">What is asked for.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    /// <exception cref="LeatException">This program can't be started as a worker, because of the way in which it was published.</exception>
    public static Pool Slurm(SlurmOptions options)
    {
        ProgramCommand.RefuseWhereImpossible();
        var launcher = new SlurmLauncher(options);
        return new ProcessPool(launcher.All, launcher, new ProcessPoolOptions { Output = options.Output });
    }

    /// <summary>
    /// Workers that are processes wherever a command leads whose standard streams are those of what it runs, such as
    /// <c>docker run -i --rm image {worker}</c>.
    /// </summary>
    /// <param name="command">The command, in the words of a POSIX shell; <c>{worker}</c> stands for the words of the program that is to run there.</param>
    /// <param name="workers">How many processes there are at most; they share one run of the command.</param>
    /// <param name="options">What else there is to say; null for the defaults.</param>
    /// <exception cref="ArgumentException">The command does not say where the worker goes, or can't be read.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is less than 1 worker.</exception>
    /// <exception cref="LeatException">This program can't be started as a worker, because of the way in which it was published.</exception>
    public static Pool Command(string command, int workers, RemotePoolOptions? options = null) =>
        Remote(options ?? new RemotePoolOptions(), [(new CommandTransport(command), workers)]);

    /// <summary>
    /// Several pools of processes as one: items go to wherever a worker is free. The parts belong to the combination from then on, end with it, and
    /// can't be used by themselves any more.
    /// </summary>
    /// <param name="pools">Pools of processes, of this machine or others, that have not been used yet.</param>
    /// <exception cref="ArgumentException">There is none, one is of threads, was used, or is part of another combination.</exception>
    public static Pool Combine(params Pool[] pools)
    {
        if (pools.Length == 0) throw RemoteErrors.NotCombinable("there are none");
        if (pools.Distinct().Count() < pools.Length) throw RemoteErrors.NotCombinable("one of them is given twice");
        ProcessPool[] parts = [.. pools.Select(pool => pool as ProcessPool ?? throw RemoteErrors.NotCombinable("one of them has threads for workers; only pools of processes can be parts"))];
        return ProcessPool.Combine(parts);
    }

    private static ProcessPool Remote(RemotePoolOptions options, IEnumerable<(IHostTransport Transport, int Places)> hosts)
    {
        ProgramCommand.RefuseWhereImpossible();
        var launcher = new AgentLauncher(hosts, options);
        return new ProcessPool(launcher.All, launcher, new ProcessPoolOptions { Output = options.Output });
    }

    /// <summary>
    /// Changes how many items are worked on at the same time. More workers start as they are needed; what is at work is
    /// finished before fewer remain.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">There is less than 1 worker.</exception>
    public void Resize(int workers)
    {
        Size = Check(workers);
        OnResized();
    }

    /// <summary>The pool at this moment.</summary>
    public abstract PoolStats Stats();

    /// <summary>
    /// Ends the workers. Runs that still use them fail: those on processes at once, those on threads with the next item.
    /// </summary>
    public abstract ValueTask DisposeAsync();

    private protected abstract void OnResized();

    private static int Check(int workers) => workers >= 1 ? workers : throw PoolErrors.NoWorkers(workers);
}

/// <summary>A pool at one moment.</summary>
/// <param name="Size">How many items may be worked on at the same time.</param>
/// <param name="Workers">Workers that have started: of a pool of threads, those at work.</param>
/// <param name="Busy">Workers that are at work.</param>
/// <param name="Waiting">Handfuls of items that wait for a worker.</param>
/// <param name="Items">Items that were done since the pool was made; of a pool of threads, handfuls of them.</param>
/// <param name="Lost">Workers that ended before they were to: killed, crashed, or ended by the author's code.</param>
public sealed record PoolStats(int Size, int Workers, int Busy, int Waiting, long Items, int Lost)
{
    /// <summary>The other machines of the pool; none for one that has none.</summary>
    public IReadOnlyList<HostStats> Hosts { get; init; } = [];

    /// <summary>Messages that came from machines after these had been given up, and were refused: their items went to other workers.</summary>
    public long Refused { get; init; }
}
