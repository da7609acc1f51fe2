using System.Buffers.Binary;
using Leat.Encoding;

namespace Leat.Pools;

/// <summary>The author's program's end of the stream to one worker. What it has in hand is guarded by the pool.</summary>
internal sealed class WorkerLink : IAsyncDisposable
{
    private const int LargestGreeting = 1024;
    private const int LongestTail = 8 * 1024;
    private const int LargestKept = 16 * 1024 * 1024;

    private static readonly TimeSpan HandshakeTime = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan EndGrace = TimeSpan.FromSeconds(1);

    // Of one on another machine the end of its stream is heard first, and how it has ended only then.
    private static readonly TimeSpan EndGraceElsewhere = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan StartGrace = TimeSpan.FromSeconds(5);

    // Longer ones no clock takes, and nobody waits for.
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(40);

    private readonly ProcessPool pool;
    private readonly WorkerConnection connection;
    private readonly FrameReader frames;
    private readonly Outbox outbox;
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock sending = new();
    private readonly EncodingWriter message = new();
    private readonly HashSet<ulong> opened = [];
    private readonly HashSet<ulong> closed = [];
    private PeerPayloads? peer;
    private string tail = "";
    private ITimer? timer;

    public WorkerLink(ProcessPool pool, WorkerConnection connection)
    {
        this.pool = pool;
        this.connection = connection;
        frames = new FrameReader(connection.Stream, LargestGreeting);
        outbox = new Outbox(connection.Stream, connection.IsDirect, connection.Kill);
    }

    public int ProcessId => connection.ProcessId;

    /// <summary>The way to it.</summary>
    public WorkerConnection Connection => connection;

    /// <summary>How many pieces it has been given.</summary>
    public long Pieces { get; set; }

    /// <summary>The machine that it is on; null for this one.</summary>
    public string? Machine => connection.Machine;

    /// <summary>True when it was lost with its machine.</summary>
    public bool IsLostWithMachine => connection.IsLostWithMachine;

    /// <summary>True when its machine has ended processes meanwhile because memory had run out.</summary>
    public bool MemoryRanOut => connection.MemoryRanOut;

    /// <summary>Where what it writes goes; null for where all of the pool's goes.</summary>
    public WorkerOutputs? Outputs => connection.Outputs;

    /// <summary>Completes when nothing is left of the worker.</summary>
    public Task Ended => ended.Task;

    /// <summary>What the worker has in hand, in the order in which it got it.</summary>
    public List<Piece> Hands { get; } = [];

    /// <summary>True when the worker has given items back, because the one in hand takes long.</summary>
    public bool IsHeldUp { get; set; }

    /// <summary>True when it is to end, because the pool has become smaller.</summary>
    public bool IsRetired { get; set; }

    /// <summary>True until it gets its first piece.</summary>
    public bool IsFresh { get; set; } = true;

    /// <summary>True while it does something for nobody. What came behind that, it would give back.</summary>
    public bool IsRehearsing { get; set; }

    /// <summary>Who has the worker for himself; null when it is everybody's.</summary>
    public ISessionWatcher? Owner { get; set; }

    /// <summary>True when the worker has ended.</summary>
    public bool IsOver { get; set; }

    /// <summary>The piece for which the pool itself has ended the worker.</summary>
    public Piece? KilledFor { get; set; }

    /// <summary>The last that the worker wrote to its console.</summary>
    public string Tail => Volatile.Read(ref tail);

    /// <summary>Waits until the worker is there and known to be the right one.</summary>
    /// <exception cref="LeatException">It is not.</exception>
    public async Task ConnectAsync()
    {
        new Thread(ReadAll) { IsBackground = true, Name = "leat pool" }.UnsafeStart();
        try
        {
            await ready.Task.WaitAsync(HandshakeTime, TimeProvider.System).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw PoolErrors.BadHandshake("it has not greeted within a minute");
        }
    }

    /// <summary>Sends items; those that do not fit into one message, the pool gets back.</summary>
    public void Send(Piece piece)
    {
        int index = piece.From;
        lock (sending)
        {
            // Under the same lock, or the items of somebody else could come before it.
            ulong session = piece.Session.IdOf(piece.Instance);
            if (closed.Contains(session))
            {
                pool.TakeBack(this, piece);
                return;
            }

            if (piece.Session.Options.Needs is { } needed && opened.Add(needed.IdOf(0))) outbox.Send(ToWorker.Open, needed.OpenMessage(0, Machine is not null));
            if (opened.Add(session))
            {
                outbox.Send(ToWorker.Open, piece.Session.OpenMessage(piece.Instance, Machine is not null));
            }

            message.Clear(LargestKept);
            message.WriteVarint(session);
            message.WriteVarint(piece.Id);
            message.Write((byte)piece.Modes);
            int countPlace = message.Count;
            message.Write(0);
            if (!piece.Submission.IsCancelled)
            {
                while (index < piece.To && (index == piece.From || message.Count < Protocol.LargestInline) && piece.Submission.TryEncode(index, message))
                {
                    index++;
                }
            }

            if (index < piece.To)
            {
                // Cancelled, full, or in front of an item that can't be encoded and has failed.
                pool.Split(this, piece, index);
            }

            message.Replace(countPlace, index - piece.From);
            if (piece.Session.Options.Timeout is not null && index > piece.From)
            {
                // A worker that stands still, and has not even started, keeps nobody waiting for ever.
                StartTimer(piece, piece.From, StartGrace, () => pool.OnNotStarted(this, piece));
            }

            outbox.Send(ToWorker.Run, message.Written);
        }

        if (index == piece.From)
        {
            piece.Submission.Progress();
        }
    }

    /// <summary>Has the worker do something for nobody, so that it is quicker when it is for somebody.</summary>
    public void Rehearse(PoolSession session, ReadOnlySpan<byte> run)
    {
        lock (sending)
        {
            outbox.Send(ToWorker.Open, session.OpenMessage(0, Machine is not null));
            outbox.Send(ToWorker.Run, run);
        }
    }

    /// <summary>Says something about items in hand, behind what was sent of them.</summary>
    public void Tell(Piece piece, ToWorker kind)
    {
        lock (sending)
        {
            message.Clear(LargestKept);
            message.WriteVarint(piece.Session.IdOf(piece.Instance));
            message.WriteVarint(piece.Id);
            outbox.Send(kind, message.Written);
        }
    }

    public void Close(PoolSession session, int instance)
    {
        ulong id = session.IdOf(instance);
        lock (sending)
        {
            if (!closed.Add(id)) return;
            if (!opened.Remove(id))
            {
                // Its first piece is still to be sent, and won't be.
                pool.OnClosed(this, id, error: null);
                return;
            }

            message.Clear(LargestKept);
            message.WriteVarint(id);
            outbox.Send(ToWorker.Close, message.Written);
        }
    }

    public void Kill() => connection.Kill();

    /// <inheritdoc cref="WorkerConnection.LimitMemory"/>
    public IDisposable? LimitMemory(long allowed, Action<long> onTooMuch) => connection.LimitMemory(allowed, onTooMuch);

    /// <summary>Waits until the worker has ended, and says how; one that has closed its stream has little time left.</summary>
    public async Task<string> WaitForEndAsync()
    {
        Task<string> end = connection.WaitForEndAsync();
        using var giveUp = new CancellationTokenSource();
        if (await Task.WhenAny(end, Task.Delay(Machine is null ? EndGrace : EndGraceElsewhere, TimeProvider.System, giveUp.Token)).ConfigureAwait(false) != end)
        {
            connection.Kill();
            await end.ConfigureAwait(false);
            return "it closed its connection";
        }

        await giveUp.CancelAsync().ConfigureAwait(false);
        return await end.ConfigureAwait(false);
    }

    /// <summary>Notes what the worker has written to its console.</summary>
    public void NoteOutput(string text)
    {
        string joined = tail + text;
        Volatile.Write(ref tail, joined.Length <= LongestTail ? joined : joined[^LongestTail..]);
    }

    // Measures the time of an item: until it has started, and from then on again.
    private void StartTimer(Piece piece, int index, TimeSpan extra, Action onTimeout)
    {
        ITimer next = piece.Session.Options.Clock.CreateTimer(
            _ =>
            {
                if (piece.Next == index) onTimeout();
            },
            null,
            piece.Session.Options.Timeout!.Value > LongestTimer ? LongestTimer : piece.Session.Options.Timeout.Value + extra,
            Timeout.InfiniteTimeSpan);
        Interlocked.Exchange(ref timer, next)?.Dispose();
    }

    private void StopTimer() => Interlocked.Exchange(ref timer, null)?.Dispose();

    public async ValueTask DisposeAsync()
    {
        StopTimer();
        outbox.Dispose();
        await connection.DisposeAsync().ConfigureAwait(false);
        outbox.Payloads?.Dispose();
        peer?.Dispose();
        ended.TrySetResult();
    }

    private void ReadAll()
    {
        bool isReady = false;
        try
        {
            ShakeHands();
            isReady = true;
            ready.TrySetResult();
            while (frames.Read() is { } frame)
            {
                Take(frame);
                frame.Return();
            }
        }
        catch (Exception error)
        {
            // The worker has ended, or talks nonsense, which comes to the same. Whatever it is, the program must not end by it.
            ready.TrySetException(error);
        }

        if (isReady)
        {
            pool.OnDisconnected(this);
        }
    }

    private void ShakeHands()
    {
        Frame hello = frames.Read() ?? throw PoolErrors.BadHandshake("it ended before it had greeted");
        if (Handshake.Fault(hello, connection.Token.Span) is { } fault)
        {
            throw PoolErrors.BadHandshake(fault);
        }

        frames.Largest = Array.MaxLength;
        outbox.Payloads = connection.SharesMemory ? PayloadFile.TryCreate() : null;
        var program = new EncodingWriter();
        ProgramBuild.Write(program);
        program.WriteValue(outbox.Payloads?.Path ?? "");
        outbox.Send(ToWorker.Program, program.Written);
        Frame answer = frames.Read() ?? throw PoolErrors.BadHandshake("it ended before it was ready");
        var reader = new EncodingReader(answer.Body);
        switch ((FromWorker)answer.Kind)
        {
            case FromWorker.Ready:
                peer = PeerPayloads.TryOpen(reader.ReadValue<string>());
                break;
            case FromWorker.Refused:
                throw PoolErrors.OtherBuild(reader.ReadValue<string>());
            default:
                throw PoolErrors.BadHandshake("it did not answer as a worker does");
        }

        if (peer is null)
        {
            outbox.Payloads?.Dispose();
            outbox.Payloads = null;
        }
        else
        {
            frames.Payloads = (peer, SendFreed);
        }
    }

    private void Take(Frame frame)
    {
        var reader = new EncodingReader(frame.Body);
        switch ((FromWorker)frame.Kind)
        {
            case FromWorker.Results:
                TakeResults(reader);
                break;
            case FromWorker.Returned:
                pool.OnReturned(this, reader.ReadVarint(), (int)reader.ReadVarint());
                break;
            case FromWorker.Blocked:
                pool.OnBlocked(this, reader.ReadVarint());
                break;
            case FromWorker.Closed:
                pool.OnClosed(this, reader.ReadVarint(), reader.Left == 0 ? null : ExceptionForm.Read(reader));
                break;
            case FromWorker.Console:
                ulong claim = reader.ReadVarint();
                bool isError = reader.Read<byte>() != 0;
                pool.OnOutput(this, claim, System.Text.Encoding.UTF8.GetString(reader.Take(reader.Left)), isError);
                break;
            case FromWorker.Freed:
                outbox.Payloads?.Free(reader.Read<long>());
                break;
            default:
                throw new InvalidDataException("A message is of no kind that is known.");
        }
    }

    private void TakeResults(EncodingReader reader)
    {
        ulong id = reader.ReadVarint();
        if (pool.FindPiece(this, id) is not { } piece)
        {
            // Given up: another worker has it.
            if (id == PoolSession.Rehearsal) pool.OnRehearsed(this);
            return;
        }

        while (reader.Left > 0)
        {
            var kind = (ResultKind)reader.Read<byte>();
            int index = piece.From + checked((int)reader.ReadVarint());
            int length = reader.Read<int>();
            int end = reader.Position + length;
            Take(piece, kind, index, reader);
            reader.MoveTo(end);
        }

        piece.Submission.Progress();
    }

    private void Take(Piece piece, ResultKind kind, int index, EncodingReader reader)
    {
        Submission submission = piece.Submission;
        switch (kind)
        {
            case ResultKind.Started:
                if (piece.Session.Options.Timeout is not null) StartTimer(piece, index, TimeSpan.Zero, () => pool.OnTimeout(this, piece, index));
                if (Machine is not null && piece.Session.Options.AwaitsGo) Tell(piece, ToWorker.Go);
                return;
            case ResultKind.Part:
                if (!submission.TakeResults(index, reader, last: false))
                {
                    Tell(piece, ToWorker.More);
                }
                return;
            case ResultKind.End:
                IsHeldUp = false;
                pool.OnEnded(this, piece, (long)reader.ReadVarint());
                return;
        }

        IsHeldUp = false;
        StopTimer();
        piece.Next = index + 1;
        pool.CountItem();
        if (piece.TimedOut == index)
        {
            submission.End(index, OutcomeState.Failed, piece.Session.Options.TimeoutError!());
            return;
        }

        switch (kind)
        {
            case ResultKind.Done:
                submission.TakeResults(index, reader, last: true);
                break;
            case ResultKind.Failed:
                submission.End(index, OutcomeState.Failed, ExceptionForm.Read(reader));
                break;
            case ResultKind.Cancelled:
                submission.End(index, OutcomeState.Cancelled, error: null);
                break;
            case ResultKind.NotOpened:
                submission.End(index, OutcomeState.NotOpened, ExceptionForm.Read(reader));
                break;
            default:
                throw new InvalidDataException("A record is of no kind that is known.");
        }
    }

    private void SendFreed(long offset)
    {
        Span<byte> body = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(body, offset);
        outbox.Send(ToWorker.Freed, body);
    }
}
