namespace Leat.Streams;

/// <summary>
/// The lines of an input that all enumerations share, and that can't be read without blocking. One that is cancelled
/// returns at once, and leaves the read that is under way to the next.
/// </summary>
internal sealed class SharedInput : IAsyncEnumerable<string>, IDisposable
{
#pragma warning disable RS0030 // The ban is on writing to the author's console; this reads, because the author asks for it.
    public static readonly Lazy<SharedInput> OfProgram = new(() => new SharedInput(Console.OpenStandardInput()));
#pragma warning restore RS0030

    private readonly SemaphoreSlim turn = new(1, 1);
    private readonly LineSplitter lines = new();
    private readonly BlockingReader reader;
    private Task<int>? read;

    public SharedInput(Stream stream) => reader = new BlockingReader(stream);

    public async IAsyncEnumerator<string> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            while (true)
            {
                while (!cancellationToken.IsCancellationRequested && TryTake(out string? line))
                {
                    yield return line;
                }

                // Started without a look at the token: an abandoned read is the next enumeration's.
                Task<int> pending = read ??= reader.ReadAsync(lines.Room());
                await ((Task)pending).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                cancellationToken.ThrowIfCancellationRequested();
                read = null;
                int count = await pending.ConfigureAwait(false);
                if (count == 0)
                {
                    break;
                }

                lines.Commit(count);
            }

            if (TryTakeRest(out string? rest))
            {
                yield return rest;
            }
        }
        finally
        {
            reader.Rest();
            turn.Release();
        }
    }

    public void Dispose()
    {
        turn.Dispose();
        reader.Rest();
    }

    private bool TryTake([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? text)
    {
        bool any = lines.TryTake(out ReadOnlySpan<byte> line);
        text = any ? System.Text.Encoding.UTF8.GetString(line) : null;
        return any;
    }

    private bool TryTakeRest([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? text)
    {
        bool any = lines.TryTakeRest(out ReadOnlySpan<byte> line);
        text = any ? System.Text.Encoding.UTF8.GetString(line) : null;
        return any;
    }
}
