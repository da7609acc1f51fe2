using Leat.Shell;

namespace Leat;

/// <summary>Gives a program that makes a graph of jobs its command line.</summary>
public static class JobGraphShell
{
    extension(JobGraph graph)
    {
        /// <summary>
        /// Does what the command line asks for: without arguments it runs what is out of date. <c>--help</c> lists the rest, which
        /// <c>docs/shell.md</c> explains.
        /// </summary>
        /// <param name="args">The arguments of the program.</param>
        /// <returns>
        /// The program's exit code: 0 for success, 1 if jobs failed, 2 if the command line is wrong or the graph can't run, 3 if another run has the
        /// ledger, 130 if it was cancelled.
        /// </returns>
        /// <example><c>return await graph.MainAsync(args);</c></example>
        public async Task<int> MainAsync(string[] args)
        {
            ArgumentNullException.ThrowIfNull(args);
            using var console = ShellConsole.OfProcess();
            return await new JobShell(graph, console).RunAsync(args);
        }
    }
}
