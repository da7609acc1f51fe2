using Leat.Progress;
using Spectre.Console;

namespace Leat;

/// <summary>Shows on the console how a flow gets on.</summary>
public static class FlowProgress
{
    extension(Flow flow)
    {
        /// <summary>
        /// Shows the flow's stages until it has ended, and then ends as <see cref="Flow.Completion"/> does: on a terminal
        /// as a table that is redrawn in place and whose last state stays, elsewhere as plain lines. It is written to
        /// standard error, so that standard output belongs to the program alone.
        /// </summary>
        /// <param name="options">Where, how and how often; by default as said above.</param>
        /// <returns>A task that ends with the flow: well, failed or cancelled.</returns>
        /// <remarks>
        /// Only one table can be shown at a time, and what the program writes to the same terminal meanwhile gets in
        /// its way. A console that can no longer be written to ends the display and not the flow.
        /// </remarks>
        /// <exception cref="PipelineException">The flow has failed.</exception>
        /// <exception cref="OperationCanceledException">The flow was cancelled.</exception>
        public async Task ShowProgressAsync(ProgressOptions? options = null)
        {
            options ??= ProgressOptions.Default;
            TextWriter output = options.Output ?? Console.Error;
            try
            {
                await (options.Live ?? IsTerminal(output)
                    ? ShowTableAsync(flow, CreateConsole(output, AnsiSupport.Yes), options)
                    : WriteLinesAsync(flow, output, options));
            }
            catch (Exception error) when (error is IOException or ObjectDisposedException)
            {
                // Nobody looks any more. That is no reason for the flow to end.
            }

            await flow.Completion;
        }
    }

    private static async Task ShowTableAsync(Flow flow, IAnsiConsole console, ProgressOptions options)
    {
        TimeSpan interval = options.Interval ?? TimeSpan.FromMilliseconds(200);
        await console.Live(Text.Empty).StartAsync(async display =>
        {
            await foreach (FlowStats stats in WatchAsync(flow, interval, options.Clock))
            {
                display.UpdateTarget(ProgressTable.Of(stats, console.Profile.Width));
            }
        });
    }

    private static async Task WriteLinesAsync(Flow flow, TextWriter output, ProgressOptions options)
    {
        TimeSpan interval = options.Interval ?? TimeSpan.FromSeconds(1);
        await foreach (FlowStats stats in WatchAsync(flow, interval, options.Clock))
        {
            await output.WriteLineAsync(ProgressLine.Of(stats));
            await output.FlushAsync();
        }
    }

    // The flow at every interval, and at last as it ended.
    private static async IAsyncEnumerable<FlowStats> WatchAsync(Flow flow, TimeSpan interval, TimeProvider clock)
    {
        bool ended;
        do
        {
            await flow.Completion.WaitAsync(interval, clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ended = flow.Completion.IsCompleted;
            yield return flow.Stats;
        }
        while (!ended);
    }

    private static bool IsTerminal(TextWriter output)
    {
        IAnsiConsole console = CreateConsole(output, AnsiSupport.Detect);
        return console.Profile.Out.IsTerminal && console.Profile.Capabilities is { Ansi: true, Interactive: true };
    }

    private static IAnsiConsole CreateConsole(TextWriter output, AnsiSupport ansi) =>
        AnsiConsole.Create(new AnsiConsoleSettings { Ansi = ansi, Out = new AnsiConsoleOutput(output) });
}
