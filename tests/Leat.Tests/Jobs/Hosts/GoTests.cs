using System.Buffers.Binary;
using Leat.Jobs;
using Leat.Pools;
using Leat.Tests.Jobs.Execution;

namespace Leat.Tests.Jobs.Hosts;

/// <summary>An action on another machine starts when the program has said that it may, and not when that did not hear of it.</summary>
public sealed class GoTests : IDisposable
{
    private readonly ActionBench bench = new();

    public void Dispose() => bench.Dispose();

    [Theory(Timeout = 60_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_action_waits_for_the_word_of_its_program(bool comes)
    {
        string marker = bench["marker"];
        FileJob job = bench.Graph.File("a.txt", path =>
        {
            File.WriteAllText(marker, "");
            File.WriteAllText(path, "x");
        });
        var launcher = new FarLauncher();
        await using var pool = new ProcessPool(1, launcher, new ProcessPoolOptions { Output = _ => { } });
        await using var runner = new ProcessRunner(pool);

        Task<ActionResult> result = runner.RunAsync(bench.Call(job), default);
        FarConnection worker = await launcher.Held;

        // It has told that it starts; on a way that is dead nobody would hear it.
        if (comes) worker.LetGo();
        else worker.Kill();
        Assert.Equal(comes, (await result).Error is null);
        Assert.Equal(comes, File.Exists(marker));
    }

    /// <summary>Starts workers on this machine that seem to be on another one, and keeps back the word by which actions start.</summary>
    private sealed class FarLauncher : IWorkerLauncher
    {
        private readonly SocketLauncher inner = new();
        private readonly TaskCompletionSource<FarConnection> held = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<FarConnection> Held => held.Task;

        public async Task<WorkerConnection?> StartAsync(Action<string, bool> output, CancellationToken cancellationToken) =>
            new FarConnection((await inner.StartAsync(output, cancellationToken))!, held);
    }

    private sealed class FarConnection : WorkerConnection
    {
        private readonly WorkerConnection inner;
        private readonly HoldingStream stream;

        public FarConnection(WorkerConnection inner, TaskCompletionSource<FarConnection> held)
        {
            this.inner = inner;
            stream = new HoldingStream(inner.Stream, () => held.TrySetResult(this));
        }

        public override Stream Stream => stream;

        public override ReadOnlyMemory<byte> Token => inner.Token;

        public override int ProcessId => inner.ProcessId;

        public override string Machine => "far";

        public void LetGo() => stream.LetGo();

        public override void Kill() => inner.Kill();

        public override Task<string> WaitForEndAsync() => inner.WaitForEndAsync();

        public override ValueTask DisposeAsync() => inner.DisposeAsync();
    }

    /// <summary>Carries messages, and keeps back one kind of them.</summary>
    private sealed class HoldingStream(Stream inner, Action onHeld) : SequentialStream
    {
        private const int Header = sizeof(int) + 1;

        private readonly Lock gate = new();
        private readonly List<byte> coming = [];
        private byte[]? kept;

        public void LetGo()
        {
            lock (gate) inner.Write(kept!);
        }

        public override void Flush() => inner.Flush();

        public override int Read(Span<byte> buffer) => inner.Read(buffer);

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            lock (gate)
            {
                coming.AddRange(buffer);
                while (coming.Count >= Header && Header + BinaryPrimitives.ReadInt32LittleEndian([.. coming[..sizeof(int)]]) is var whole && coming.Count >= whole)
                {
                    byte[] message = [.. coming[..whole]];
                    coming.RemoveRange(0, whole);
                    if (message[sizeof(int)] == (byte)ToWorker.Go)
                    {
                        kept = message;
                        onHeld();
                    }
                    else
                    {
                        inner.Write(message);
                    }
                }
            }
        }
    }
}
