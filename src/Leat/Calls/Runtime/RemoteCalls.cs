using System.Diagnostics;
using Leat.Pools;
using Leat.Storage;

namespace Leat.Calls;

/// <summary>A call on its way to a worker process.</summary>
/// <param name="Arguments">The bytes of each argument, or where they are.</param>
internal readonly record struct RemoteCall(RemoteArgument[] Arguments);

/// <summary>An argument on its way to a worker process.</summary>
/// <param name="Bytes">Its bytes; none where they are in a store.</param>
/// <param name="Stored">Where they are, in a store that the worker may see as well; null where they are here.</param>
internal readonly record struct RemoteArgument(ReadOnlyMemory<byte> Bytes, StoredObject? Stored);

/// <summary>What a call in a worker process gave.</summary>
/// <param name="Value">The result.</param>
/// <param name="Time">How long the function took.</param>
/// <param name="IsBlind">True when the function did not run, because the worker does not see an argument in its store.</param>
internal readonly record struct RemoteResult(EncodedValue Value, TimeSpan Time, bool IsBlind = false);

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
        if (EncodedArguments.TryOpen(item) is not { } arguments)
        {
            await output.AddAsync(new RemoteResult(new EncodedValue(default, default, []), default, IsBlind: true)).ConfigureAwait(false);
            return;
        }

        long started = Stopwatch.GetTimestamp();
        TOut value = await body(arguments, cancellationToken).ConfigureAwait(false);
        TimeSpan time = Stopwatch.GetElapsedTime(started);
        await output.AddAsync(new RemoteResult(EncodedValue.Of(value, files), time)).ConfigureAwait(false);
    }
}

/// <summary>Arguments that came as bytes.</summary>
internal sealed class EncodedArguments : IArguments
{
    private readonly ReadOnlyMemory<byte>[] bytes;

    private EncodedArguments(ReadOnlyMemory<byte>[] bytes) => this.bytes = bytes;

    /// <summary>Loads what is in a store; null where it is not to be seen from here.</summary>
    public static EncodedArguments? TryOpen(RemoteCall call)
    {
        var all = new ReadOnlyMemory<byte>[call.Arguments.Length];
        for (int index = 0; index < all.Length; index++)
        {
            (ReadOnlyMemory<byte> own, StoredObject? stored) = call.Arguments[index];
            if (stored is null) all[index] = own;
            else if (stored.Value.TryLoad() is { } loaded) all[index] = loaded;
            else return null;
        }

        return new EncodedArguments(all);
    }

    public T Get<T>(int index) => Leat.Encoding.BinaryEncoding.Decode<T>(bytes[index]);
}
