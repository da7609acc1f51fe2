namespace Leat.Shell;

/// <summary>A run: what the program is for.</summary>
internal sealed class RunCommand(JobGraph graph, ShellConsole console)
{
    public async Task<int> RunAsync(ShellArguments arguments)
    {
        await using Pool? pool = arguments.Pool?.Create();
        return await RunAsync(OptionsOf(graph, arguments, pool), arguments);
    }

    public async Task<int> RunAsync(RunOptions options, ShellArguments arguments)
    {
        IRunDisplay display = arguments.IsJson ? new JsonDisplay(console.Output)
            : console.IsOutputTerminal && !arguments.IsQuiet ? new LiveDisplay(console)
            : new PlainDisplay(console.Page, arguments.IsQuiet);
        var feed = new RunFeed(display.Wants);
        await using IShellRun run = new GraphRun(graph.Start(options with { Events = feed.Add }));
        var stops = new StopSequence(run);
        using IDisposable signals = stops.Listen();
        return await new RunWatch(console, run, feed, display, stops).WatchAsync();
    }

    /// <summary>What the command line says about a run.</summary>
    public static RunOptions OptionsOf(JobGraph graph, ShellArguments arguments, Pool? pool) => new()
    {
        Targets = arguments.Names.IsEmpty ? [] : TargetFinder.Find(graph, arguments.Names),
        Pool = pool,
        Files = arguments.Files,
        Cores = arguments.Cores,
        Memory = arguments.Memory,
        KeepGoing = !arguments.IsFailFast,
    };
}
