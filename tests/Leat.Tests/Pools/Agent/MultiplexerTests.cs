using System.Buffers.Binary;
using System.IO.Pipes;
using Leat.Pools;

namespace Leat.Tests.Pools.Agent;

/// <summary>Many channels over one stream, which has a pipe for each direction.</summary>
public sealed class MultiplexerTests : IDisposable
{
    private readonly Multiplexer here;
    private readonly Multiplexer there;
    private readonly List<IDisposable> pipes = [];

    public MultiplexerTests()
    {
        (Stream hereIn, Stream thereOut) = Pipe();
        (Stream thereIn, Stream hereOut) = Pipe();
        here = Start(hereIn, hereOut);
        there = Start(thereIn, thereOut);
    }

    [Fact(Timeout = 30_000)]
    public async Task Channels_carry_what_is_written_to_them_and_to_no_other()
    {
        const int channels = 20;
        (int Id, Channel Near, Channel Far)[] all = [.. Enumerable.Range(1, channels).Select(id => (id, here.Open((uint)id), there.Open((uint)id)))];
        await Task.WhenAll(all.Select(each => Task.WhenAll(SendAsync(each.Near, each.Id, 3_000_000), ReceiveAsync(each.Far, each.Id, 3_000_000))));
    }

    [Fact(Timeout = 30_000)]
    public async Task Both_ends_may_send_more_than_the_other_reads_for_now()
    {
        (Channel near, Channel far) = (here.Open(1), there.Open(1));
        Task sent = Task.WhenAll(SendAsync(near, 1, 20_000_000), SendAsync(far, 2, 20_000_000));
        await Task.WhenAll(ReceiveAsync(far, 1, 20_000_000), ReceiveAsync(near, 2, 20_000_000), sent);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_channel_that_nobody_reads_holds_no_other_up_and_takes_no_more_than_its_window()
    {
        (Channel stuck, Channel unread) = (here.Open(1), there.Open(1));
        long written = 0;
        Task stuffing = Task.Factory.StartNew(
            () =>
            {
                byte[] bytes = new byte[10_000];
                try
                {
                    while (true)
                    {
                        stuck.Write(bytes);
                        Interlocked.Add(ref written, bytes.Length);
                    }
                }
                catch (IOException)
                {
                    // The other side has closed it.
                }
            },
            TaskCreationOptions.LongRunning);
        (Channel near, Channel far) = (here.Open(2), there.Open(2));
        await Task.WhenAll(SendAsync(near, 2, 30_000_000), ReceiveAsync(far, 2, 30_000_000));
        Assert.InRange(Interlocked.Read(ref written), Channel.Window, Channel.Window + 300_000);

        await unread.DisposeAsync();
        await stuffing;
    }

    [Fact(Timeout = 30_000)]
    public async Task What_was_written_ahead_of_the_end_arrives()
    {
        (Channel near, Channel far) = (here.Open(1), there.Open(1));
        Task sent = SendAsync(near, 1, 9_000_000).ContinueWith(_ => near.CloseOutput(), TaskScheduler.Default);
        await ReceiveAsync(far, 1, 9_000_000);
        Assert.Equal(0, await Task.Run(() => far.Read(new byte[10])));
        await sent;
    }

    [Fact(Timeout = 30_000)]
    public async Task A_broken_link_ends_reads_refuses_writes_and_counts_what_still_comes()
    {
        (Channel near, Channel far) = (here.Open(1), there.Open(1));
        Task<int> read = Task.Run(() => near.Read(new byte[10]));
        here.Break();
        Assert.Equal(0, await read);
        Assert.Throws<IOException>(() => near.Write([1]));
        far.Write([1, 2, 3]);
        SpinWait.SpinUntil(() => here.Refused == 1);
        Assert.Throws<IOException>(() => here.Open(2).Write([1]));
    }

    [Theory]
    [InlineData(1u, 0)]
    [InlineData(1u, -1)]
    [InlineData(1u, Multiplexer.LargestFrame + 1)]
    public void Bytes_of_a_stranger_end_it(uint channel, int length)
    {
        byte[] frame = new byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(frame, channel);
        BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(4), length);
        var link = new Multiplexer(new MemoryStream(frame), Stream.Null, (_, _) => { });
        Assert.Throws<InvalidDataException>(link.ReadAll);
        link.Break();
    }

    [Fact]
    public void More_than_a_window_is_refused()
    {
        var bytes = new MemoryStream();
        byte[] frame = new byte[8 + Multiplexer.LargestFrame];
        frame[0] = 1;
        BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(4), Multiplexer.LargestFrame);
        for (int i = 0; i <= Channel.Window / Multiplexer.LargestFrame; i++) bytes.Write(frame);
        bytes.Position = 0;
        var link = new Multiplexer(bytes, Stream.Null, (_, _) => { });
        _ = link.Open(1);
        Assert.Throws<InvalidDataException>(link.ReadAll);
        link.Break();
    }

    public void Dispose()
    {
        here.Break();
        there.Break();
        pipes.ForEach(pipe => pipe.Dispose());
    }

    private (Stream In, Stream Out) Pipe()
    {
        var output = new AnonymousPipeServerStream(PipeDirection.Out);
        var input = new AnonymousPipeClientStream(PipeDirection.In, output.ClientSafePipeHandle);
        pipes.Add(output);
        return (input, output);
    }

    private static Multiplexer Start(Stream input, Stream output)
    {
        var link = new Multiplexer(input, output, (_, _) => { });
        new Thread(() =>
        {
            try
            {
                link.ReadAll();
            }
            catch (Exception error) when (error is IOException or ObjectDisposedException or InvalidDataException)
            {
                // The test is over.
            }
        })
        { IsBackground = true }.Start();
        return link;
    }

    private static Task SendAsync(Channel channel, int seed, int count) => Task.Factory.StartNew(
        () =>
        {
            var random = new Random(seed);
            for (int left = count; left > 0;)
            {
                byte[] bytes = new byte[Math.Min(left, 1 + random.Next(100_000))];
                for (int i = 0; i < bytes.Length; i++) bytes[i] = ByteAt(seed, count - left + i);
                channel.Write(bytes);
                left -= bytes.Length;
            }
        },
        TaskCreationOptions.LongRunning);

    private static Task ReceiveAsync(Channel channel, int seed, int count) => Task.Factory.StartNew(
        () =>
        {
            byte[] buffer = new byte[70_000];
            for (int at = 0; at < count;)
            {
                int read = channel.Read(buffer);
                Assert.True(read > 0, $"The channel ends after {at} bytes.");
                for (int i = 0; i < read; i++)
                {
                    if (buffer[i] != ByteAt(seed, at + i)) Assert.Fail($"Byte {at + i} is another.");
                }

                at += read;
            }
        },
        TaskCreationOptions.LongRunning);

    private static byte ByteAt(int seed, int index) => (byte)(seed * 31 + index * 7 + (index >> 8));
}
