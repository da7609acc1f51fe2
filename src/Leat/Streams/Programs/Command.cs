using System.Runtime.CompilerServices;
using Leat.Streams;

namespace Leat;

public static partial class Stage
{
    /// <summary>
    /// Streams the items as lines through an external program: each item is a line of its standard input, each line of its
    /// standard output a result. The program takes items only as fast as it reads, and writes results only as fast as they
    /// are used. It may stop reading early, as <c>head</c> does. Text is UTF-8.
    /// </summary>
    /// <param name="program">The program: a path, or a name that is looked up on the PATH.</param>
    /// <param name="arguments">Its arguments, each passed on as it is; no shell looks at them.</param>
    /// <param name="options">Its folder, environment and exit codes; see there for the defaults.</param>
    /// <returns>
    /// A stage over the whole stream: a run starts the program once, or with several workers as often, each with its share
    /// of the items. When the program ends with an exit code that does not mean success, its results are delivered and then
    /// the stage fails with a <see cref="ProgramFailedException"/>. It is killed, with all processes that it has started,
    /// when an earlier stage fails, when its results are not wanted any more and when the run is cancelled. Its output ends
    /// when no process has it open any more: what it shall leave running behind it must write elsewhere.
    /// </returns>
    /// <exception cref="ArgumentException">The program's name is empty.</exception>
    public static Stage<string, string> Command(string program, IReadOnlyList<string> arguments, CommandOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        options ??= new CommandOptions();
        var command = new CommandBody(new ProgramStart(program, arguments)
        {
            WorkingDirectory = options.WorkingDirectory,
            Environment = options.Environment,
            SuccessCodes = options.SuccessCodes,
        });
        return new StreamStage<string, string>(Path.GetFileName(program), StageOptions.Default, command.RunAsync);
    }
}

/// <summary>Runs a program over a stream of lines.</summary>
internal sealed class CommandBody(ProgramStart start)
{
    /// <summary>The results of one run of the program.</summary>
    public async IAsyncEnumerable<string> RunAsync(IAsyncEnumerable<string> items, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        RunningProgram program = RunningProgram.Start(start, RunningProgram.ErrorLimit);
        await using ConfiguredAsyncDisposable disposal = program.ConfigureAwait(false);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var feed = new CommandFeed(program, items);

        // Not from here: as long as items are at hand, it would not come back.
        Task feeding = Task.Run(() => feed.RunAsync(ending.Token), CancellationToken.None);
        try
        {
            var lines = new LineSplitter();
            while (true)
            {
                int count = await program.Output.ReadAsync(lines.Room(), cancellationToken).ConfigureAwait(false);
                if (count == 0)
                {
                    break;
                }

                lines.Commit(count);
                while (lines.TryTake(out ReadOnlySpan<byte> line))
                {
                    yield return System.Text.Encoding.UTF8.GetString(line);
                }
            }

            // What a killed program was about to write is no result.
            if (TakeRest(lines) is { } rest && !feed.HasFailed)
            {
                yield return rest;
            }

            await program.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
            await ending.CancelAsync().ConfigureAwait(false);

            // Its failure comes first: it is why the program was killed.
            await feeding.ConfigureAwait(false);
            program.CheckExitCode();
        }
        finally
        {
            program.Kill();
            await ending.CancelAsync().ConfigureAwait(false);
            await feeding.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static string? TakeRest(LineSplitter lines) =>
        lines.TryTakeRest(out ReadOnlySpan<byte> line) ? System.Text.Encoding.UTF8.GetString(line) : null;
}
