namespace Leat.Pools;

/// <summary>Starts workers on this machine and speaks with them over their standard streams, as over those of <c>ssh</c>.</summary>
internal sealed class StandardStreamsLauncher : IWorkerLauncher
{
    public Task<WorkerConnection?> StartAsync(Action<string, bool> output, CancellationToken cancellationToken)
    {
        byte[] token = WorkerProcess.NewToken();
        WorkerProcess process = WorkerProcess.Start(WorkerEntry.GreetingOf(null, token), output, readsOutput: false);
        return Task.FromResult<WorkerConnection?>(new Connection(process, token));
    }

    private sealed class Connection(WorkerProcess process, byte[] token) : WorkerConnection
    {
        public override Stream Stream { get; } = new DuplexStream(process.StandardOutput, process.StandardInput);

        public override ReadOnlyMemory<byte> Token => token;

        public override int ProcessId => process.Id;

        public override void Kill() => process.Kill();

        public override Task<string> WaitForEndAsync() => process.Ended;

        public override async ValueTask DisposeAsync()
        {
            process.Kill();
            await process.Ended.ConfigureAwait(false);
            process.Dispose();
        }
    }
}

/// <summary>Two streams as one.</summary>
internal sealed class DuplexStream(Stream input, Stream output) : SequentialStream
{
    public override int Read(Span<byte> buffer) => input.Read(buffer);

    public override void Write(ReadOnlySpan<byte> buffer) => output.Write(buffer);

    public override void Flush() => output.Flush();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            input.Dispose();
            output.Dispose();
        }

        base.Dispose(disposing);
    }
}
