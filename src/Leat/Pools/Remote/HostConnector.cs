namespace Leat.Pools;

/// <summary>Goes the way to a host, and brings its agent up.</summary>
internal sealed class HostConnector(IHostTransport transport, RemotePoolOptions options)
{
    public string Name => transport.Name;

    /// <summary>Connects.</summary>
    /// <param name="patience">How long it may take to reach the host; null for as long as each of the other steps.</param>
    /// <param name="onAnswer">Called when the host has been reached and is good for the program.</param>
    /// <param name="onLost">Called once, with why, when what is returned is of no more use.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="LeatException">The host can't be used; the message says why.</exception>
    public async Task<AgentLink> ConnectAsync(TimeSpan? patience, Action onAnswer, Action<AgentLink, string> onLost, CancellationToken cancellationToken)
    {
        ProgramFiles files = ProgramFiles.OfProgram;
        TimeSpan reach = transport.IsNetwork && patience is { } some ? some : options.ConnectTimeout;
        LinkProcess process = LinkProcess.Start(Name, transport.Create(Loader.Words(files), reach));
        string? late = null;
        string step = "";
        try
        {
            // Not by cancelling reads, which nothing can: the end of the process ends them.
            using CancellationTokenRegistration killing = cancellationToken.UnsafeRegister(static process => ((LinkProcess)process!).Kill(), process);
            using ITimer timer = TimeProvider.System.CreateTimer(
                _ =>
                {
                    Volatile.Write(ref late, step);
                    process.Kill();
                },
                null,
                transport.IsQueued ? Timeout.InfiniteTimeSpan : reach,
                Timeout.InfiniteTimeSpan);
            await Task.Factory.StartNew(
                () => Loader.Run(() => Name, process, files, transport.OnReached, now =>
                {
                    step = now;
                    if (now != Loader.FirstStep) timer.Change(options.ConnectTimeout, Timeout.InfiniteTimeSpan);
                    if (now.StartsWith("it looked", StringComparison.Ordinal)) onAnswer();
                }),
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            Exception told = await ExplainAsync(process, error, Volatile.Read(ref late), reach).ConfigureAwait(false);
            process.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            throw told;
        }

        return await StartAsync(process, onLost).ConfigureAwait(false);
    }

    private async Task<AgentLink> StartAsync(LinkProcess process, Action<AgentLink, string> onLost)
    {
        var link = new AgentLink(transport, process, options.GiveUpAfter, onLost);
        try
        {
            await link.WaitForHelloAsync(options.ConnectTimeout).ConfigureAwait(false);
            return link;
        }
        catch (IOException error)
        {
            throw RemoteErrors.NoAgent(Name, error.Message, process.Text, process.Errors);
        }
        catch (TimeoutException)
        {
            await link.EndAsync().ConfigureAwait(false);
            throw RemoteErrors.Silent(Name, options.ConnectTimeout, "the agent was to start", process.Text, process.Errors);
        }
    }

    private async Task<Exception> ExplainAsync(LinkProcess process, Exception error, string? late, TimeSpan reach)
    {
        if (error is not IOException)
        {
            process.Kill();
            return error;
        }

        int code = await process.EndAsync(TimeSpan.FromSeconds(1)).ConfigureAwait(false);
        return late is not null
            ? RemoteErrors.Silent(Name, late == Loader.FirstStep ? reach : options.ConnectTimeout, late, process.Text, process.Errors)
            : transport.Explain(code, process.Text, process.Errors) ?? RemoteErrors.NoAnswer(Name, process.Text, error.Message, process.Errors);
    }
}
