namespace Leat;

/// <summary>What can be said about a pool of processes beside its size.</summary>
public sealed record ProcessPoolOptions
{
    /// <summary>
    /// Gets what workers write to the console, piece by piece, one at a time and in the order in which each worker wrote it. Null,
    /// the default, writes it to this program's own console. It is called between results, so it should be quick, and must not
    /// wait for a run on the pool.
    /// </summary>
    public Action<WorkerOutput>? Output { get; init; }
}

/// <summary>Something that a worker has written to its console.</summary>
/// <param name="Worker">The number of its process.</param>
/// <param name="Stage">The stage whose item wrote it; empty where that isn't known, as for programs that the worker has started.</param>
/// <param name="Text">What was written, lines or parts of them.</param>
/// <param name="IsError">True for the standard error.</param>
public sealed record WorkerOutput(int Worker, string Stage, string Text, bool IsError)
{
    /// <summary>The machine that the worker is on, as it is named in the pool; empty for this one.</summary>
    public string Machine { get; init; } = "";
}
