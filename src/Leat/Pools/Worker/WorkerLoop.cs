using System.Collections.Concurrent;
using Leat.Encoding;

namespace Leat.Pools;

/// <summary>
/// A worker: takes functions and items from a stream, and gives results back. The thread that reads runs none of the author's
/// code, so that it hears of cancellations, and of the other side's end, whatever that code does.
/// </summary>
internal sealed class WorkerLoop
{
    private static readonly TimeSpan EmptyLook = TimeSpan.FromMilliseconds(20);

    private readonly ConcurrentDictionary<ulong, WorkerSession> sessions = [];
    private readonly SemaphoreSlim turn = new(1, 1);
    private readonly FrameReader frames;
    private readonly Outbox outbox;
    private readonly WorkerWatch watch;

    private WorkerLoop(Stream stream)
    {
        frames = new FrameReader(stream, Array.MaxLength);
        outbox = new Outbox(stream, direct: true, UnixProcess.KillOwnGroup);
        watch = new WorkerWatch(Beat);
        Console = new ConsoleCapture(outbox);
    }

    public ConsoleCapture Console { get; }

    public Outbox Outbox => outbox;

    /// <summary>Works until the stream ends.</summary>
    /// <param name="stream">What connects the worker with the author's program.</param>
    /// <param name="token">By which the program knows that it is its own worker.</param>
    public static void Run(Stream stream, ReadOnlySpan<byte> token)
    {
        var loop = new WorkerLoop(stream);
        try
        {
            if (loop.ShakeHands(token))
            {
                loop.Console.Install();
                loop.ReadAll();
            }
        }
        catch (Exception error) when (error is IOException or InvalidDataException or EncodingException or ObjectDisposedException)
        {
            // The other side has gone, or speaks in tongues: there is nobody to tell.
        }
    }

    /// <summary>Waits for the right to run the author's code, which one item at a time has.</summary>
    public async ValueTask EnterAsync(ulong claim)
    {
        if (!turn.Wait(0))
        {
            await turn.WaitAsync().ConfigureAwait(false);
        }

        Console.Claim = claim;
        watch.Notice();
    }

    /// <summary>Waits for the right to work on a claim; false when its items were given back meanwhile.</summary>
    public async ValueTask<bool> TryEnterAsync(WorkerClaim claim)
    {
        while (!await turn.WaitAsync(EmptyLook).ConfigureAwait(false))
        {
            if (claim.IsEmpty)
            {
                return false;
            }
        }

        Console.Claim = claim.Id;
        watch.Notice();
        return true;
    }

    public void Leave()
    {
        Console.Flush();
        turn.Release();
    }

    /// <summary>Ends the worker for a fault of Leat's own.</summary>
    public void Die(Exception error)
    {
        Console.WriteError($"{error}\n");
        UnixProcess.KillOwnGroup();
    }

    public void SendBlocked(ulong claim)
    {
        var writer = new EncodingWriter();
        writer.WriteVarint(claim);
        outbox.Send(FromWorker.Blocked, writer.Written);
    }

    public void SendReturned(ulong claim, int from)
    {
        var writer = new EncodingWriter();
        writer.WriteVarint(claim);
        writer.WriteVarint((ulong)from);
        outbox.Send(FromWorker.Returned, writer.Written);
    }

    public void SendClosed(ulong session, Exception? error)
    {
        sessions.TryRemove(session, out _);
        var writer = new EncodingWriter();
        writer.WriteVarint(session);
        if (error is not null)
        {
            ExceptionForm.Write(writer, error);
        }

        outbox.Send(FromWorker.Closed, writer.Written);
    }

    private bool ShakeHands(ReadOnlySpan<byte> token)
    {
        outbox.Send(FromWorker.Hello, Handshake.Hello(token));
        if (frames.Read() is not { Kind: (byte)ToWorker.Program } frame)
        {
            return false;
        }

        var reader = new EncodingReader(frame.Body);
        if (ProgramBuild.Differs(reader) is { } difference)
        {
            var refusal = new EncodingWriter();
            refusal.WriteValue(difference);
            outbox.Send(FromWorker.Refused, refusal.Written);
            return false;
        }

        if (PeerPayloads.TryOpen(reader.ReadValue<string>()) is { } peer)
        {
            outbox.Payloads = PayloadFile.TryCreate();
            frames.Payloads = (peer, SendFreed);
        }

        var ready = new EncodingWriter();
        ready.WriteValue(outbox.Payloads?.Path ?? "");
        outbox.Send(FromWorker.Ready, ready.Written);
        return true;
    }

    private void ReadAll()
    {
        while (frames.Read() is { } frame)
        {
            var reader = new EncodingReader(frame.Body);
            switch ((ToWorker)frame.Kind)
            {
                case ToWorker.Open:
                    WorkerSession session = WorkerSession.Create(this, reader);
                    sessions[session.Id] = session;
                    session.Begin();
                    break;
                case ToWorker.Run:
                    Take(reader, frame);
                    break;
                case ToWorker.Cancel:
                    FindClaim(reader)?.Refuse(cancel: true);
                    break;
                case ToWorker.Enough:
                    FindClaim(reader)?.Refuse(cancel: false);
                    break;
                case ToWorker.More:
                    FindClaim(reader)?.GrantCredit();
                    break;
                case ToWorker.Go:
                    FindClaim(reader)?.Go();
                    break;
                case ToWorker.Close:
                    sessions.GetValueOrDefault(reader.ReadVarint())?.Close();
                    break;
                case ToWorker.Freed:
                    outbox.Payloads?.Free(reader.Read<long>());
                    break;
                default:
                    throw new InvalidDataException("A message is of no kind that is known.");
            }
        }
    }

    private void Take(EncodingReader reader, Frame frame)
    {
        ulong session = reader.ReadVarint();
        ulong claim = reader.ReadVarint();
        var modes = (RunModes)reader.Read<byte>();
        ReadOnlyMemory<byte> rest = frame.Body[^reader.Left..];
        var items = new EncodingReader(frame.IsOwn ? rest : rest.ToArray());
        sessions[session].Add(new WorkerClaim(claim, modes, items, frame));
    }

    private WorkerClaim? FindClaim(EncodingReader reader)
    {
        ulong session = reader.ReadVarint();
        return sessions.GetValueOrDefault(session)?.Find(reader.ReadVarint());
    }

    private void SendFreed(long offset)
    {
        Span<byte> body = stackalloc byte[sizeof(long)];
        System.Buffers.Binary.BinaryPrimitives.WriteInt64LittleEndian(body, offset);
        outbox.Send(FromWorker.Freed, body);
    }

    // False when nobody is at work.
    private bool Beat()
    {
        Console.Flush();
        foreach ((_, WorkerSession session) in sessions)
        {
            session.OnBeat();
        }

        return turn.CurrentCount == 0;
    }
}
