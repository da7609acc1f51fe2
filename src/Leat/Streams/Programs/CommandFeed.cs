using System.Buffers;
using System.Runtime.CompilerServices;

namespace Leat.Streams;

/// <summary>Writes items as lines to a program's standard input.</summary>
internal sealed class CommandFeed(RunningProgram program, IAsyncEnumerable<string> items)
{
    private const int WriteSize = 32 * 1024;

    private readonly ArrayBufferWriter<byte> buffer = new(2 * WriteSize);
    private volatile bool failed;
    private bool isRefused;

    /// <summary>True when the items ended in a failure, and the program was killed for it.</summary>
    public bool HasFailed => failed;

    /// <summary>Writes all items and closes the input. Ends early, but well, when the program reads no more, or when cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await WriteAllAsync(cancellationToken).ConfigureAwait(false);
            await RunningProgram.CloseAsync(program.Input).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The program has ended, or is not wanted any more.
        }
        catch (Exception)
        {
            // Killed before its input ends: a program that counts or sorts would give the result of a part for that of
            // the whole.
            failed = true;
            program.Kill();
            throw;
        }
    }

    private async Task WriteAllAsync(CancellationToken cancellationToken)
    {
        IAsyncEnumerator<string> iterator = items.GetAsyncEnumerator(cancellationToken);
        await using ConfiguredAsyncDisposable disposal = iterator.ConfigureAwait(false);
        while (!isRefused)
        {
            ValueTask<bool> next = iterator.MoveNextAsync();
            if (!next.IsCompleted)
            {
                // What is there must not wait for what is not.
                await WriteOutAsync(cancellationToken).ConfigureAwait(false);
            }

            if (!await next.ConfigureAwait(false))
            {
                break;
            }

            LineEncoder.Encode(iterator.Current, buffer);
            if (buffer.WrittenCount >= WriteSize)
            {
                await WriteOutAsync(cancellationToken).ConfigureAwait(false);
            }
        }

        await WriteOutAsync(cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask WriteOutAsync(CancellationToken cancellationToken)
    {
        if (buffer.WrittenCount == 0)
        {
            return;
        }

        try
        {
            ReadOnlyMemory<byte> lines = buffer.WrittenMemory;
            await program.Input.WriteAsync(lines, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // The program has closed its end: it wants no more.
            isRefused = true;
        }
        finally
        {
            buffer.ResetWrittenCount();
        }
    }
}
