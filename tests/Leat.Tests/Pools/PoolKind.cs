using Leat.Pools;

namespace Leat.Tests.Pools;

/// <summary>The ways in which a pool reaches its workers.</summary>
public enum PoolKind
{
    /// <summary>Threads of this process.</summary>
    Threads,

    /// <summary>Processes, over Unix sockets and shared memory.</summary>
    Sockets,

    /// <summary>Processes, over their standard streams.</summary>
    StandardStreams,

    /// <summary>Processes, over sockets whose bytes come late and in pieces, and that break now and then.</summary>
    Choppy,

    /// <summary>Processes that an agent has started, over its standard streams.</summary>
    Agent,
}

/// <summary>Makes pools of any kind.</summary>
internal static class PoolKinds
{
    public static Pool Create(PoolKind kind, int workers = 2, int seed = 0, ProcessPoolOptions? options = null) => kind switch
    {
        PoolKind.Threads => Pool.Threads(workers),
        PoolKind.Sockets => Pool.Processes(workers, options),
        PoolKind.Agent => Pool.Command("{worker}", workers, new RemotePoolOptions { Output = options?.Output }),
        PoolKind.StandardStreams => new ProcessPool(workers, new StandardStreamsLauncher(), options ?? new ProcessPoolOptions()),
        _ => new ProcessPool(workers, new ChoppyLauncher(new SocketLauncher(), seed), options ?? new ProcessPoolOptions()),
    };
}
