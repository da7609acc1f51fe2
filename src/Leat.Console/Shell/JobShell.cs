using Leat.Storage;

namespace Leat.Shell;

/// <summary>Does what a command line asks of a graph.</summary>
internal sealed class JobShell(JobGraph graph, ShellConsole console)
{
    /// <summary>Does it; gives the exit code.</summary>
    public async Task<int> RunAsync(IReadOnlyList<string> args)
    {
        try
        {
            // Most programs are started without arguments, most of the time: the parser is not even loaded for that.
            return await DoAsync(args.Count == 0 ? ShellArguments.Default : ArgumentParser.Parse(args));
        }
        catch (LedgerHeldException error)
        {
            return await TellAsync(error, ExitCode.LedgerHeld);
        }
        catch (LeatException error)
        {
            return await TellAsync(error, ExitCode.Unusable);
        }
        finally
        {
            await console.Output.FlushAsync();
        }
    }

    private Task<int> DoAsync(ShellArguments arguments) => arguments.Action switch
    {
        ShellAction.Run => new RunCommand(graph, console).RunAsync(arguments),
        ShellAction.DryRun => new DryRunCommand(graph, console).RunAsync(arguments),
        ShellAction.Why => new WhyCommand(graph, console).RunAsync(arguments),
        ShellAction.Status => new StatusCommand(graph, console).RunAsync(arguments),
        ShellAction.Graph => new GraphCommand(graph, console).RunAsync(arguments),
        ShellAction.History => new HistoryCommand(graph, console).RunAsync(arguments),
        ShellAction.Log => new LogCommand(graph, console).RunAsync(arguments),
        ShellAction.Accept => new AcceptCommand(graph, console).RunAsync(arguments),
        ShellAction.Clean => new CleanCommand(graph, console).RunAsync(arguments),
        ShellAction.Version => PrintAsync(VersionText.Write),
        _ => PrintAsync(HelpText.Write),
    };

    private Task<int> PrintAsync(Action<TextPage> write)
    {
        write(console.Page);
        return Task.FromResult(ExitCode.Success);
    }

    // What was printed before stands before it, also where both go to one place.
    private async Task<int> TellAsync(LeatException error, int exitCode)
    {
        await console.Output.FlushAsync();
        await console.Error.WriteLineAsync(error.Message);
        return exitCode;
    }
}
