using System.Net.Sockets;
using Leat.Encoding;
using Leat.Pools;

namespace Leat.Tests.Pools;

/// <summary>Messages, memory and greetings, without processes.</summary>
public sealed class ProtocolTests
{
    [Fact]
    public void Messages_of_every_size_arrive_over_a_stream_that_splits_them()
    {
        using var bytes = new MemoryStream();
        using var outbox = new Outbox(bytes, direct: true, () => Assert.Fail("The stream broke."));
        byte[][] bodies = [.. Enumerable.Range(0, 300).Select(i => Bytes(i * i % 5_000)), Bytes(300_000), Bytes(70_000), []];
        foreach (byte[] body in bodies[..300]) outbox.Send(ToWorker.Run, body);
        bytes.Position = 0;
        var frames = new FrameReader(new DripStream(bytes, 3), Array.MaxLength);

        foreach (byte[] body in bodies[..300])
        {
            Frame frame = frames.Read()!.Value;
            Assert.Equal((byte)ToWorker.Run, frame.Kind);
            Assert.Equal(body, frame.Body.ToArray());
        }
        Assert.Null(frames.Read());
    }

    [Fact(Timeout = 30_000)]
    public async Task Long_messages_do_not_overtake_short_ones()
    {
        (Socket one, Socket other) = await ConnectAsync();
        using var outbox = new Outbox(new NetworkStream(one, ownsSocket: true), direct: true, () => { });
        var frames = new FrameReader(new NetworkStream(other, ownsSocket: true), Array.MaxLength);
        int[] sizes = [10, 3_000_000, 5, 100_000, 0, 70_000, 9];
        foreach (int size in sizes) outbox.Send(ToWorker.Run, Bytes(size));

        foreach (int size in sizes) Assert.Equal(Bytes(size), frames.Read()!.Value.Body.ToArray());
    }

    [Theory]
    [InlineData(new byte[] { 1, 0 })]
    [InlineData(new byte[] { 4, 0, 0, 0, 1, 9 })]
    [InlineData(new byte[] { 255, 255, 255, 255, 1 })]
    [InlineData(new byte[] { 0, 255, 0, 0, 1 })]
    public void A_message_that_is_cut_or_too_long_is_refused(byte[] bytes) =>
        Assert.Throws<InvalidDataException>(() => new FrameReader(new MemoryStream(bytes), 1024).Read());

    [Fact]
    public void Shared_memory_gives_back_what_was_put_in_and_uses_free_places_again()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has memory without a name.");
        using PayloadFile file = PayloadFile.TryCreate()!;
        using PeerPayloads peer = PeerPayloads.TryOpen(file.Path)!;
        var random = new Random(7);
        Dictionary<long, byte[]> model = [];
        long highest = 0;
        for (int step = 0; step < 2_000; step++)
        {
            if (model.Count < 8 && random.Next(2) == 0)
            {
                byte[] body = Bytes(1 + random.Next(400_000));
                long offset = file.TryWrite(body)!.Value;
                Assert.DoesNotContain(model, each => offset < each.Key + each.Value.Length && each.Key < offset + body.Length);
                model.Add(offset, body);
                highest = Math.Max(highest, offset + body.Length);
            }
            else if (model.Count > 0)
            {
                (long offset, byte[] body) = model.ElementAt(random.Next(model.Count));
                byte[] read = new byte[body.Length];
                peer.Read(offset, read);
                Assert.Equal(body, read);
                file.Free(offset);
                model.Remove(offset);
            }
        }
        Assert.InRange(highest, 1, 16 * 1024 * 1024);
    }

    [Fact]
    public void A_stranger_is_not_taken_for_the_worker()
    {
        byte[] token = WorkerProcess.NewToken();

        Assert.Null(Handshake.Fault(Hello(Handshake.Hello(token)), token));
        Assert.Contains("token", Handshake.Fault(Hello(Handshake.Hello(WorkerProcess.NewToken())), token)!, StringComparison.Ordinal);
        Assert.Contains("greet", Handshake.Fault(Hello("GET / HTTP/1.1\r\n\r\n"u8), token)!, StringComparison.Ordinal);
        byte[] other = Handshake.Hello(token).ToArray();
        other[sizeof(ulong)]++;
        Assert.Contains("version", Handshake.Fault(Hello(other), token)!, StringComparison.Ordinal);
    }

    [Fact]
    public void A_worker_of_another_build_is_told_apart()
    {
        var writer = new EncodingWriter();
        ProgramBuild.Write(writer);
        byte[] builds = writer.Written.ToArray();
        Assert.Null(ProgramBuild.Differs(new EncodingReader(builds)));

        string own = typeof(Pool).Assembly.GetName().Name!;
        int place = builds.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(own)) + own.Length;
        builds[place]++;
        Assert.Contains($"'{own}' has been built anew", ProgramBuild.Differs(new EncodingReader(builds))!, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_stranger_on_the_socket_gets_nothing_and_the_run_is_told()
    {
        await using Pool pool = new ProcessPool(1, new StrangerLauncher(), new ProcessPoolOptions());

        PipelineException error = await Assert.ThrowsAsync<PipelineException>(async () => await (new[] { 1 } | Stage.Map((int item) => item).On(pool)).ToListAsync());

        Assert.Contains("LEAT0064", error.Failures[0].Exception.Message, StringComparison.Ordinal);
    }

    private static Frame Hello(ReadOnlySpan<byte> body) => new((byte)FromWorker.Hello, body.ToArray(), IsOwn: false);

    private static byte[] Bytes(int count) => [.. Enumerable.Range(0, count).Select(i => (byte)(i * 17 + count))];

    private static async Task<(Socket One, Socket Other)> ConnectAsync()
    {
        using SocketFolder folder = SocketFolder.Create();
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(folder.Socket));
        listener.Listen(1);
        var one = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await one.ConnectAsync(new UnixDomainSocketEndPoint(folder.Socket));
        return (one, await listener.AcceptAsync());
    }

    /// <summary>Gives at most some bytes at a time.</summary>
    private sealed class DripStream(Stream inner, int most) : MemoryStream
    {
        public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, Math.Min(count, most));
    }

    /// <summary>Connects the pool with somebody who does not know the token.</summary>
    private sealed class StrangerLauncher : IWorkerLauncher
    {
        public Task<WorkerConnection?> StartAsync(Action<string, bool> output, CancellationToken cancellationToken)
        {
            var greeting = new MemoryStream();
            using var outbox = new Outbox(greeting, direct: true, () => { });
            outbox.Send(FromWorker.Hello, Handshake.Hello(WorkerProcess.NewToken()));
            greeting.Position = 0;
            return Task.FromResult<WorkerConnection?>(new Connection(greeting));
        }

        private sealed class Connection(Stream stream) : WorkerConnection
        {
            private readonly TaskCompletionSource<string> ended = new();

            public override Stream Stream => stream;

            public override ReadOnlyMemory<byte> Token { get; } = WorkerProcess.NewToken();

            public override void Kill() => ended.TrySetResult("killed");

            public override Task<string> WaitForEndAsync() => ended.Task;

            public override ValueTask DisposeAsync() => stream.DisposeAsync();
        }
    }
}
