using Leat.Encoding;

namespace Leat.Pools;

/// <summary>A worker on another machine.</summary>
internal sealed class AgentConnection(AgentLink link, Channel channel, string host, Action<string, bool> output) : WorkerConnection
{
    private readonly TaskCompletionSource<string?> started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<string> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private byte[] token = [];
    private int process;
    private bool isLost;
    private bool memoryRanOut;
    private bool isKilled;
    private Action<long>? onTooMuchMemory;

    public uint Id => channel.Id;

    public override Stream Stream => channel;

    public override ReadOnlyMemory<byte> Token => token;

    public override int ProcessId => process;

    public override string Machine => host;

    public override bool IsLostWithMachine => Volatile.Read(ref isLost);

    public override bool IsKilled => Volatile.Read(ref isKilled);

    public override bool MemoryRanOut => Volatile.Read(ref memoryRanOut);

    /// <summary>Waits until the worker is there; or says why there won't be one.</summary>
    public Task<string?> WaitForStartAsync(CancellationToken cancellationToken) => started.Task.WaitAsync(cancellationToken);

    /// <summary>Takes what the agent says about the worker.</summary>
    public void Take(LinkMessage kind, EncodingReader body)
    {
        switch (kind)
        {
            case LinkMessage.Started:
                process = checked((int)body.ReadVarint());
                token = body.Take(Protocol.TokenLength).ToArray();
                started.TrySetResult(null);
                break;
            case LinkMessage.NotStarted:
                string fault = body.ReadValue<string>();
                started.TrySetResult(fault);
                ended.TrySetResult(fault);
                break;
            case LinkMessage.Output:
                bool isError = body.Read<byte>() != 0;
                output(body.ReadValue<string>(), isError);
                break;
            case LinkMessage.TooMuch:
                Volatile.Read(ref onTooMuchMemory)?.Invoke(checked((long)body.ReadVarint()));
                break;
            case LinkMessage.Ended:
                string end = body.ReadValue<string>();
                Volatile.Write(ref memoryRanOut, body.Read<byte>() != 0);
                ended.TrySetResult($"{end} on {host}");
                break;
            default:
                throw new InvalidDataException("A message is of no kind that is known.");
        }
    }

    /// <summary>The machine was lost, or the way to it.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="isBlameless">True when the worker can't be to blame.</param>
    public void OnLost(string reason, bool isBlameless)
    {
        Volatile.Write(ref isLost, isBlameless);
        ended.TrySetResult(reason);
        started.TrySetResult(reason);
    }

    // The agent watches, for as long as the worker is there.
    public override IDisposable? LimitMemory(long allowed, Action<long> onTooMuch)
    {
        Volatile.Write(ref onTooMuchMemory, onTooMuch);
        link.Send(LinkMessage.Limit, Id, body => body.WriteVarint((ulong)allowed));
        return null;
    }

    public override void Kill()
    {
        Volatile.Write(ref isKilled, true);
        link.Send(LinkMessage.Kill, Id);
    }

    public override Task<string> WaitForEndAsync() => ended.Task;

    public override async ValueTask DisposeAsync()
    {
        Kill();
        await ended.Task.ConfigureAwait(false);
        await channel.DisposeAsync().ConfigureAwait(false);
        link.Forget(Id);
    }
}
