using System.Diagnostics;
using Leat.Pools;
using Leat.Storage;

namespace Leat.Calls;

/// <summary>A call on its way to a worker process.</summary>
/// <param name="Arguments">The bytes of each argument.</param>
internal readonly record struct RemoteCall(ReadOnlyMemory<byte>[] Arguments);

/// <summary>What a call in a worker process gave.</summary>
/// <param name="Value">The result.</param>
/// <param name="Time">How long the function took.</param>
internal readonly record struct RemoteResult(EncodedValue Value, TimeSpan Time);

/// <summary>What calls in other processes are made of.</summary>
internal static class RemoteCalls
{
    /// <summary>Makes what a worker process runs.</summary>
    public static Func<PoolTask<RemoteCall, RemoteResult>> TaskOf<TOut>(Func<IArguments, CancellationToken, ValueTask<TOut>> body) => () => new CallTask<TOut>(body);

    /// <summary>Starts to serve a function.</summary>
    public static PoolSession<RemoteCall, RemoteResult> Open<TOut>(ProcessPool pool, CallFunction<TOut> function)
    {
        var options = new SessionOptions(function.Name)
        {
            Timeout = function.Options.Limit,
            TimeoutError = () => CallErrors.Timeout(function.Name, function.Options.Limit!.Value),
            IsOrdered = false,
            IsWhole = true,
        };
        return pool.Open(options, TaskOf(function.Body.Invoke));
    }
}

/// <summary>A function in a worker process.</summary>
internal sealed class CallTask<TOut>(Func<IArguments, CancellationToken, ValueTask<TOut>> body) : PoolTask<RemoteCall, RemoteResult>
{
    private readonly FileDigests files = new();

    public override bool NeedsDisposal => false;

    public override async ValueTask RunAsync(RemoteCall item, ITaskOutput<RemoteResult> output, CancellationToken cancellationToken)
    {
        var arguments = new EncodedArguments(item);
        long started = Stopwatch.GetTimestamp();
        TOut value = await body(arguments, cancellationToken).ConfigureAwait(false);
        TimeSpan time = Stopwatch.GetElapsedTime(started);
        await output.AddAsync(new RemoteResult(EncodedValue.Of(value, files), time)).ConfigureAwait(false);
    }
}

/// <summary>Arguments that came as bytes.</summary>
internal sealed class EncodedArguments(RemoteCall call) : IArguments
{
    public T Get<T>(int index) => Leat.Encoding.BinaryEncoding.Decode<T>(call.Arguments[index]);
}
