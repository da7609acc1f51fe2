using Leat.Encoding;

namespace Leat.Pools;

/// <summary>The author's program's end of the way to one agent, from the time it has started to the time it is lost.</summary>
internal sealed class AgentLink
{
    // So long an agent that was given up is still listened to, to know what comes too late.
    private static readonly TimeSpan LateTime = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan EndTime = TimeSpan.FromSeconds(5);

    private const string NotNeeded = "it is not needed any more";

    private readonly IHostTransport transport;
    private readonly string host;
    private readonly LinkProcess process;
    private readonly TimeSpan giveUpAfter;
    private readonly Action<AgentLink, string> onLost;
    private readonly Multiplexer channels;
    private const int KilledCode = 128 + 9;

    // So long the process may still say how it has ended; one that a queue has given an allocation may have to ask that first.
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LastWordsOfQueue = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private readonly Dictionary<uint, AgentConnection> workers = [];
    private readonly TaskCompletionSource hello = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ITimer? timer;
    private uint last;
    private long lastBeat = Environment.TickCount64;
    private string? lost;
    private bool isRetired;

    /// <summary>Takes the way to an agent that is about to start.</summary>
    /// <param name="transport">What leads to the machine.</param>
    /// <param name="process">The way.</param>
    /// <param name="giveUpAfter">How long it may be silent.</param>
    /// <param name="onLost">Called once, with why, when it is of no more use.</param>
    public AgentLink(IHostTransport transport, LinkProcess process, TimeSpan giveUpAfter, Action<AgentLink, string> onLost)
    {
        this.transport = transport;
        host = transport.Name;
        this.process = process;
        this.giveUpAfter = giveUpAfter;
        this.onLost = onLost;
        channels = new Multiplexer(process.Output, process.Input, OnMessage);
        new Thread(ReadAll) { IsBackground = true, Name = "leat agent" }.UnsafeStart();
    }

    /// <summary>How many messages came after it was lost.</summary>
    public long Refused => channels.Refused;

    /// <summary>The bytes of memory that the agent takes; 0 until it has said so.</summary>
    public long AgentMemory { get; private set; }

    /// <summary>The bytes of memory that its machine has.</summary>
    public long Memory { get; private set; }

    /// <summary>The GPUs of its machine, as <see cref="Pools.Gpus.Variable"/> names them.</summary>
    public IReadOnlyList<string> Gpus { get; private set; } = [];

    /// <summary>True when, behind <see cref="Over"/>, the process that led to it did not end by itself.</summary>
    public bool WasKilled { get; private set; }

    /// <summary>Why it was lost; null as long as it is there.</summary>
    public string? Lost => Volatile.Read(ref lost);

    /// <summary>Completes when nothing is left of it on this side.</summary>
    public Task Over => over.Task;

    /// <summary>Completes when the agent has said who it is, which must have happened before it is used.</summary>
    /// <exception cref="IOException">It has ended before, or is something else.</exception>
    public async Task WaitForHelloAsync(TimeSpan patience)
    {
        await hello.Task.WaitAsync(patience, TimeProvider.System).ConfigureAwait(false);
        timer = TimeProvider.System.CreateTimer(static link => ((AgentLink)link!).OnBeat(), this, AgentProtocol.Beat, AgentProtocol.Beat);
        if (Lost is not null) await timer.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Has the agent start a worker; null when it was lost meanwhile.</summary>
    /// <exception cref="LeatException">The agent could not start it.</exception>
    public async Task<WorkerConnection?> StartAsync(Action<string, bool> output, CancellationToken cancellationToken)
    {
        AgentConnection worker;
        lock (gate)
        {
            if (lost is not null || isRetired) return null;
            uint id = ++last;
            worker = new AgentConnection(this, channels.Open(id), host, output);
            workers.Add(id, worker);
        }

        Send(LinkMessage.Start, worker.Id);
        try
        {
            string? fault = await worker.WaitForStartAsync(cancellationToken).ConfigureAwait(false);
            if (fault is null) return worker;
            await worker.DisposeAsync().ConfigureAwait(false);
            return worker.IsLostWithMachine ? null : throw PoolErrors.NotStartedOn(host, fault);
        }
        catch (OperationCanceledException)
        {
            // It is ended, and forgotten when that is so.
            _ = worker.DisposeAsync().AsTask();
            throw;
        }
    }

    public void Send(LinkMessage kind, uint worker, Action<EncodingWriter>? write = null)
    {
        var body = new EncodingWriter();
        body.WriteVarint(worker);
        write?.Invoke(body);
        channels.Send(kind, body);
    }

    /// <summary>Nobody asks for a worker any more.</summary>
    public void Forget(uint worker)
    {
        bool isOver;
        lock (gate)
        {
            isOver = workers.Remove(worker) && isRetired && workers.Count == 0;
        }

        if (isOver) _ = EndAsync(NotNeeded);
    }

    /// <summary>No more workers are started; what is there goes on. The agent ends with the last of them.</summary>
    public void Retire()
    {
        bool isOver;
        lock (gate)
        {
            isRetired = true;
            isOver = workers.Count == 0;
        }

        if (isOver) _ = EndAsync(NotNeeded);
    }

    /// <summary>
    /// Gives the agent up: what it has in hand goes elsewhere. It learns of it, if it learns of anything any more, by the end of its stream; what
    /// it says until then is counted, and refused.
    /// </summary>
    public void GiveUp(string reason)
    {
        if (!TryLose(reason)) return;
        process.CloseInput();
        _ = EndLaterAsync(LateTime);
    }

    /// <summary>Ends the agent and all its workers.</summary>
    public async Task EndAsync(string reason = "the pool was disposed")
    {
        TryLose(reason);
        process.CloseInput();
        await EndLaterAsync(EndTime).ConfigureAwait(false);
    }

    private bool TryLose(string reason, bool isBlameless = true)
    {
        AgentConnection[] all;
        lock (gate)
        {
            if (lost is not null) return false;
            Volatile.Write(ref lost, reason);
            all = [.. workers.Values];
            workers.Clear();
        }

        // First that it is known to be nobody's fault, then the end of the streams, from which it is asked.
        foreach (AgentConnection worker in all) worker.OnLost($"{host} was lost: {reason}", isBlameless);
        channels.Break();
        timer?.Dispose();
        hello.TrySetException(new IOException(reason));
        onLost(this, reason);
        return true;
    }

    private async Task EndLaterAsync(TimeSpan patience)
    {
        WasKilled = await process.EndAsync(patience).ConfigureAwait(false) == KilledCode;
        process.Dispose();
        over.TrySetResult();
    }

    private void ReadAll()
    {
        string reason = "its stream has ended";
        try
        {
            channels.ReadAll();
        }
        catch (Exception error)
        {
            // Whatever comes from there, the program must not end by it.
            reason = error.Message;
        }

        if (Lost is null) _ = LoseAsync(reason);
    }

    // The process says more about it than its streams do.
    private async Task LoseAsync(string reason)
    {
        int code = await process.EndAsync(transport.IsQueued ? LastWordsOfQueue : LastWords).ConfigureAwait(false);
        WasKilled = code == KilledCode;
        string errors = process.Errors;
        if (transport.ExplainEnd(errors) is { } end) TryLose(end.Reason, end.IsBlameless);
        else TryLose(errors.Length > 0 ? errors : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{reason} (exit code {code})"));
        process.Dispose();
        over.TrySetResult();
    }

    private void OnBeat()
    {
        // After having stood still itself it listens anew: what was said meanwhile is still to be read.
        long now = Environment.TickCount64;
        if (now - Interlocked.Exchange(ref lastBeat, now) > 3 * AgentProtocol.Beat.TotalMilliseconds) channels.NoteHeard();
        channels.Send(LinkMessage.Beat, new EncodingWriter());
        if (channels.Silence > giveUpAfter)
        {
            GiveUp(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"nothing was heard of it for {giveUpAfter.TotalSeconds:0.#} s"));
        }
    }

    private void OnMessage(LinkMessage kind, EncodingReader body)
    {
        if (kind == LinkMessage.Hello)
        {
            TakeHello(body);
            return;
        }

        if (!hello.Task.IsCompleted) throw new InvalidDataException("It did not greet as an agent does.");
        if (kind == LinkMessage.Beat)
        {
            AgentMemory = checked((long)body.ReadVarint());
            return;
        }

        AgentConnection? worker;
        uint id = checked((uint)body.ReadVarint());
        lock (gate)
        {
            worker = workers.GetValueOrDefault(id);
        }

        worker?.Take(kind, body);
    }

    private void TakeHello(EncodingReader body)
    {
        if (body.Read<ulong>() != AgentProtocol.Magic) throw new InvalidDataException("It did not greet as an agent does.");
        if (body.Read<int>() != AgentProtocol.Version) throw new InvalidDataException("It speaks another version of the protocol.");
        _ = body.ReadValue<string>();
        _ = body.ReadVarint();
        Memory = checked((long)body.ReadVarint());
        Gpus = body.ReadValue<string[]>();
        hello.TrySetResult();
    }
}
