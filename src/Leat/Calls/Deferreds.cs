namespace Leat.Calls;

/// <summary>Values that are there.</summary>
internal sealed class ListDeferred<T>(T[] values) : Deferred<T>("values")
{
    internal override CallNode CreateNode(Evaluation run, CallNode[] inputs) => new ListNode<T>(run, values);
}

/// <summary>Values that come from a sequence when the run asks for them.</summary>
internal sealed class SourceDeferred<T>(string name, Func<CancellationToken, IAsyncEnumerable<T>> open) : Deferred<T>(name)
{
    internal override CallNode CreateNode(Evaluation run, CallNode[] inputs) => new SourceNode<T>(run, Name, open);
}

/// <summary>What calls of a function give.</summary>
internal sealed class FunctionDeferred<T> : Deferred<T>
{
    private readonly CallFunction<T> function;
    private readonly CallShape shape;
    private readonly Deferred[] inputs;

    public FunctionDeferred(CallFunction<T> function, CallShape shape, Deferred[] inputs)
        : base(function.Name)
    {
        foreach (Deferred input in inputs) ArgumentNullException.ThrowIfNull(input, nameof(inputs));
        (this.function, this.shape, this.inputs) = (function, shape, inputs);
    }

    internal override IReadOnlyList<Deferred> Inputs => inputs;

    internal override CallNode CreateNode(Evaluation run, CallNode[] inputs) => new FunctionNode<T>(run, function, shape, inputs);
}

/// <summary>The elements of lists, one after the other.</summary>
internal sealed class ExpandDeferred<T>(Deferred<T[]> lists) : Deferred<T>(lists.Name)
{
    internal override IReadOnlyList<Deferred> Inputs { get; } = [lists];

    internal override CallNode CreateNode(Evaluation run, CallNode[] inputs) => new ExpandNode<T>(run, Name, (CallNode<T[]>)inputs[0]);
}

/// <summary>All values as one.</summary>
internal sealed class GatherDeferred<T>(Deferred<T> values) : Deferred<T[]>(values.Name)
{
    internal override IReadOnlyList<Deferred> Inputs { get; } = [values];

    internal override CallNode CreateNode(Evaluation run, CallNode[] inputs) => new GatherNode<T>(run, Name, (CallNode<T>)inputs[0]);
}

/// <summary>What is deferred as a sequence that a pool computes.</summary>
internal sealed class DeferredStream<T>(Deferred<T> values, Pool pool) : IAsyncEnumerable<T>
{
    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default) => values.Stream(pool, cancellationToken);
}

/// <summary>How far ahead a run goes of who takes its values one by one.</summary>
internal static class DeferredStream
{
    public const int Window = 256;
}
