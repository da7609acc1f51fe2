using System.Runtime.CompilerServices;
using Leat.Streams;

namespace Leat;

public static partial class Stage
{
    /// <summary>Runs one program for every item.</summary>
    /// <param name="start">Says which program to run for an item, and how.</param>
    /// <param name="workers">How many programs run at the same time; 1 by default.</param>
    /// <returns>
    /// A stage that gives what each program wrote. A program that can't be started, or that ends with an exit code that
    /// does not mean success (then a <see cref="ProgramFailedException"/>), is the failure of its item. A program is
    /// killed, with all processes that it has started, when its item's timeout is over, when its result is not wanted any
    /// more and when the run is cancelled. Its output ends when no process has it open any more: what it shall leave running
    /// behind it must write elsewhere.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">There is less than 1 worker.</exception>
    public static Stage<TIn, ProgramResult> Program<TIn>(Func<TIn, ProgramStart> start, int workers = 1) =>
        Make(
            NameOf(start, nameof(Program)),
            workers,
            new BodyFactory<TIn, ProgramResult>(() => new MapAsyncBody<TIn, ProgramResult>((item, token) => ProgramBody.RunAsync(start(item), token)))
            {
                TakesToken = true,
            });
}

/// <summary>Runs a program to its end.</summary>
internal static class ProgramBody
{
    public static async ValueTask<ProgramResult> RunAsync(ProgramStart start, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        RunningProgram program = RunningProgram.Start(start, Array.MaxLength);
        await using ConfiguredAsyncDisposable disposal = program.ConfigureAwait(false);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var output = new OutputTail(Array.MaxLength);

        // All at once: a program may write more than a pipe holds to either stream before it reads on.
        Task feeding = FeedAsync(program.Input, start.StandardInput, ending.Token);
        Task reading = output.ReadAsync(program.Output, ending.Token);
        try
        {
            await reading.ConfigureAwait(false);
            await program.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
            return new ProgramResult(program.CheckExitCode(), output.ToString(), program.Errors);
        }
        finally
        {
            program.Kill();
            await ending.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(feeding, reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task FeedAsync(Stream input, string? text, CancellationToken cancellationToken)
    {
        try
        {
            await input.WriteAsync(System.Text.Encoding.UTF8.GetBytes(text ?? ""), cancellationToken).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // The program does not read it all, and need not.
        }

        await RunningProgram.CloseAsync(input).ConfigureAwait(false);
    }
}
