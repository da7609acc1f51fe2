namespace Leat.Pools;

/// <summary>A worker on an agent's machine: what comes through its channel goes to its socket, and the other way round.</summary>
internal sealed class AgentWorker
{
    private const int PumpSize = 64 * 1024;

    private readonly AgentLoop agent;
    private readonly Channel channel;
    private readonly CancellationTokenSource killed = new();
    private readonly long memoryKills = OutOfMemoryKills.Count();
    private int process;
    private IDisposable? limit;

    public AgentWorker(AgentLoop agent, Channel channel)
    {
        this.agent = agent;
        this.channel = channel;
    }

    /// <summary>Begins to start it. The agent must know it by then: it may be over at once.</summary>
    public void Start(IWorkerLauncher launcher) => _ = Task.Run(() => RunAsync(launcher));

    /// <summary>Ends the worker at once, with all that it has started, also one that is just being started.</summary>
    public void Kill() => killed.Cancel();

    /// <summary>Ends the worker, and says so, when it has more memory than this.</summary>
    public void LimitMemory(long allowed)
    {
        if (Volatile.Read(ref process) is not (> 0 and var id)) return;
        IDisposable watch = MemoryWatch.Start(id, allowed, had =>
        {
            // Ahead of its end, or that would be thought its own.
            agent.Send(LinkMessage.TooMuch, channel.Id, body => body.WriteVarint((ulong)had));
            Kill();
        });
        Interlocked.Exchange(ref limit, watch)?.Dispose();

        // It may have ended meanwhile, and who ends the watch then has seen none.
        if (Volatile.Read(ref process) == 0) Interlocked.Exchange(ref limit, null)?.Dispose();
    }

    private async Task RunAsync(IWorkerLauncher launcher)
    {
        try
        {
            WorkerConnection worker = (await launcher.StartAsync(Tell, killed.Token).ConfigureAwait(false))!;
            await using (worker.ConfigureAwait(false))
            {
                using CancellationTokenRegistration killing = killed.Token.UnsafeRegister(static worker => ((WorkerConnection)worker!).Kill(), worker);
                Volatile.Write(ref process, worker.ProcessId);
                agent.Send(LinkMessage.Started, channel.Id, body =>
                {
                    body.WriteVarint((ulong)worker.ProcessId);
                    body.WriteBytes(worker.Token.Span);
                });
                await ServeAsync(worker).ConfigureAwait(false);
            }
        }
        catch (Exception error)
        {
            string fault = error is OperationCanceledException ? "it was ended before it was there" : error.Message;
            agent.Send(LinkMessage.NotStarted, channel.Id, body => body.WriteValue(fault));
        }

        agent.Forget(channel.Id);
        await channel.DisposeAsync().ConfigureAwait(false);
    }

    private async Task ServeAsync(WorkerConnection worker)
    {
        new Thread(() => Pump(channel, worker.Stream, worker.Kill)) { IsBackground = true, Name = "leat to worker" }.UnsafeStart();
        var answers = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() => Pump(worker.Stream, channel, () =>
        {
            channel.CloseOutput();
            answers.SetResult();
        }))
        { IsBackground = true, Name = "leat from worker" }.UnsafeStart();
        string end = await worker.WaitForEndAsync().ConfigureAwait(false);
        Volatile.Write(ref process, 0);
        Interlocked.Exchange(ref limit, null)?.Dispose();
        bool memoryRanOut = OutOfMemoryKills.Count() > memoryKills;
        agent.Send(LinkMessage.Ended, channel.Id, body =>
        {
            body.WriteValue(end);
            body.Write((byte)(memoryRanOut ? 1 : 0));
        });

        // The channel stays until all is read that the worker has said.
        await answers.Task.ConfigureAwait(false);
    }

    // Until one side has ended.
    private static void Pump(Stream from, Stream to, Action atEnd)
    {
        byte[] buffer = new byte[PumpSize];
        try
        {
            while (from.Read(buffer, 0, buffer.Length) is var read and > 0)
            {
                to.Write(buffer, 0, read);
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // It has ended.
        }

        atEnd();
    }

    private void Tell(string text, bool isError) => agent.Send(LinkMessage.Output, channel.Id, body =>
    {
        body.Write((byte)(isError ? 1 : 0));
        body.WriteValue(text);
    });
}
