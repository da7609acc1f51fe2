using System.Collections.Concurrent;
using Leat.Encoding;

namespace Leat.Pools;

/// <summary>
/// An agent: starts workers on its machine for a program on another one, and carries what the two say to each other. It runs none of the
/// author's code. When its stream ends, or nothing is heard for long, it ends all workers and itself.
/// </summary>
internal sealed class AgentLoop
{
    private static readonly TimeSpan UseNoted = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<uint, AgentWorker> workers = [];
    private readonly SocketLauncher launcher = new();
    private readonly Multiplexer link;
    private readonly string? files;
    private long lastBeat = Environment.TickCount64;
    private long lastNote = Environment.TickCount64;

    private AgentLoop(Stream stream, string? files)
    {
        link = new Multiplexer(stream, stream, OnMessage);
        this.files = files;
    }

    /// <summary>Works until the stream ends, and ends the workers.</summary>
    /// <param name="stream">What connects the agent with the author's program.</param>
    /// <param name="files">The folder in the cache that the agent was started from; null for none.</param>
    public static void Run(Stream stream, string? files)
    {
        var loop = new AgentLoop(stream, files);
        using var timer = new Timer(static state => ((AgentLoop)state!).OnBeat(), loop, AgentProtocol.Beat, AgentProtocol.Beat);
        try
        {
            loop.SayHello();
            loop.link.ReadAll();
        }
        catch (Exception error) when (error is IOException or InvalidDataException or EncodingException or ObjectDisposedException)
        {
            // The other side has gone, or speaks in tongues: there is nobody to tell.
        }

        loop.End();
    }

    /// <summary>Says something of a worker.</summary>
    public void Send(LinkMessage kind, uint worker, Action<EncodingWriter>? write = null)
    {
        var body = new EncodingWriter();
        body.WriteVarint(worker);
        write?.Invoke(body);
        link.Send(kind, body);
    }

    /// <summary>A worker has ended, and all is told of it.</summary>
    public void Forget(uint worker) => workers.TryRemove(worker, out _);

    private void SayHello()
    {
        var body = new EncodingWriter();
        body.Write(AgentProtocol.Magic);
        body.Write(AgentProtocol.Version);
        body.WriteValue(Environment.MachineName);
        body.WriteVarint((ulong)Environment.ProcessId);
        body.WriteVarint((ulong)Math.Max(0, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes));
        body.WriteValue(Gpus.Names.ToArray());
        link.Send(LinkMessage.Hello, body);
    }

    private void OnMessage(LinkMessage kind, EncodingReader body)
    {
        switch (kind)
        {
            case LinkMessage.Beat:
                break;
            case LinkMessage.Start:
                uint id = checked((uint)body.ReadVarint());
                var started = new AgentWorker(this, link.Open(id));
                workers[id] = started;
                started.Start(launcher);
                break;
            case LinkMessage.Kill:
                if (workers.TryGetValue(checked((uint)body.ReadVarint()), out AgentWorker? worker)) worker.Kill();
                break;
            case LinkMessage.Limit:
                if (workers.TryGetValue(checked((uint)body.ReadVarint()), out AgentWorker? limited)) limited.LimitMemory(checked((long)body.ReadVarint()));
                break;
            default:
                throw new InvalidDataException("A message is of no kind that is known.");
        }
    }

    private void OnBeat()
    {
        // After having stood still itself it listens anew: what was said meanwhile is still to be read.
        long now = Environment.TickCount64;
        if (now - Interlocked.Exchange(ref lastBeat, now) > 3 * AgentProtocol.Beat.TotalMilliseconds) link.NoteHeard();
        if (link.Silence > AgentProtocol.Patience) End(isAlone: true);
        var body = new EncodingWriter();
        body.WriteVarint((ulong)Environment.WorkingSet);
        body.WriteVarint((ulong)workers.Count);
        link.Send(LinkMessage.Beat, body);
        if (now - Interlocked.Read(ref lastNote) > UseNoted.TotalMilliseconds) NoteUse(now);
    }

    // What is in use is not old.
    private void NoteUse(long now)
    {
        Interlocked.Exchange(ref lastNote, now);
        try
        {
            if (files is not null) Directory.SetLastWriteTimeUtc(files, TimeProvider.System.GetUtcNow().UtcDateTime);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Then somebody will have to send them again.
        }
    }

    // Where its stream has ended, who has started it knows, and does the rest.
    private void End(bool isAlone = false)
    {
        link.Break();
        foreach ((_, AgentWorker worker) in workers)
        {
            worker.Kill();
        }

        if (isAlone) OwnAllocation.GiveBack();
        UnixProcess.KillOwnGroup();
    }
}
