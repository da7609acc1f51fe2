using Leat.Pools;

namespace Leat.Tests.Pools;

/// <summary>
/// Starts workers over streams that do what networks do: bytes come in pieces, some of them late, and after a while the
/// connection breaks.
/// </summary>
internal sealed class ChoppyLauncher(IWorkerLauncher inner, int seed) : IWorkerLauncher
{
    private int started;

    public async Task<WorkerConnection?> StartAsync(Action<string, bool> output, CancellationToken cancellationToken)
    {
        WorkerConnection connection = (await inner.StartAsync(output, cancellationToken))!;
        return new Connection(connection, new ChoppyStream(connection.Stream, unchecked(seed * 7919 + Interlocked.Increment(ref started))));
    }

    private sealed class Connection(WorkerConnection inner, Stream stream) : WorkerConnection
    {
        public override Stream Stream => stream;

        public override ReadOnlyMemory<byte> Token => inner.Token;

        public override int ProcessId => inner.ProcessId;

        public override void Kill() => inner.Kill();

        public override Task<string> WaitForEndAsync() => inner.WaitForEndAsync();

        public override ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}

/// <summary>A stream that gives few bytes at a time, dawdles, and breaks when it has carried some number of bytes.</summary>
internal sealed class ChoppyStream(Stream inner, int seed) : SequentialStream
{
    private readonly Random reading = new(seed);
    private readonly Random writing = new(seed + 1);
    private long left = 50_000 + new Random(seed + 2).Next(400_000);

    public override int Read(Span<byte> buffer)
    {
        int read = inner.Read(buffer[..Chop(reading, buffer.Length)]);
        Carry(read);
        return read;
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            int part = Chop(writing, buffer.Length);
            inner.Write(buffer[..part]);
            Carry(part);
            buffer = buffer[part..];
        }
    }

    public override void Flush() => inner.Flush();

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }

    private static int Chop(Random random, int count)
    {
        if (random.Next(200) == 0) Thread.Sleep(random.Next(3));
        return random.Next(3) == 0 ? Math.Min(count, 1 + random.Next(7)) : Math.Min(count, 1 + random.Next(5_000));
    }

    private void Carry(int count)
    {
        if (Interlocked.Add(ref left, -count) < 0)
        {
            inner.Dispose();
            throw new IOException("The connection broke.");
        }
    }
}
