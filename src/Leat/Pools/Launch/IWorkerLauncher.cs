namespace Leat.Pools;

/// <summary>Starts workers, somewhere.</summary>
internal interface IWorkerLauncher
{
    /// <summary>Starts a worker and waits until it is connected.</summary>
    /// <param name="output">Is told what the worker writes beside the protocol; true for its standard error.</param>
    /// <param name="cancellationToken">Ends the wait, and the worker.</param>
    /// <exception cref="LeatException">It can't be started.</exception>
    Task<WorkerConnection> StartAsync(Action<string, bool> output, CancellationToken cancellationToken);
}

/// <summary>A worker that was started, and the stream to it.</summary>
internal abstract class WorkerConnection : IAsyncDisposable
{
    /// <summary>What is written here the worker reads, and the other way round.</summary>
    public abstract Stream Stream { get; }

    /// <summary>By which the worker proves that it is the one that was started.</summary>
    public abstract ReadOnlyMemory<byte> Token { get; }

    /// <summary>True when writes don't block as long as the worker reads; see <see cref="Outbox"/>.</summary>
    public virtual bool IsDirect => false;

    /// <summary>True when the worker may open this process's shared memory.</summary>
    public virtual bool SharesMemory => false;

    /// <summary>The number of the worker's process; 0 where it is not known.</summary>
    public virtual int ProcessId => 0;

    /// <summary>Ends the worker at once, with all that it has started.</summary>
    public abstract void Kill();

    /// <summary>Waits until the worker has ended and says how: <c>exit code 3</c>, <c>signal 9 (SIGKILL)</c>.</summary>
    public abstract Task<string> WaitForEndAsync();

    public abstract ValueTask DisposeAsync();
}
