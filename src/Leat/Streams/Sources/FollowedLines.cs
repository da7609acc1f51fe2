using System.Text;

namespace Leat.Streams;

/// <summary>The lines of a file that grows, is truncated and is rotated, until the enumeration is cancelled.</summary>
/// <remarks>
/// <code>
///   Reading --end--> Pausing --100 ms--> Looking --as it was, or longer--> Reading
///                                                --rewritten--> Reading from the start
///                                                --replaced--> Reading the old one to its end, then the new one
///   any --cancelled--> ended
/// </code>
/// </remarks>
internal sealed class FollowedLines : IAsyncEnumerable<string>
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    private readonly string path;
    private readonly System.Text.Encoding encoding;
    private readonly TimeProvider clock;

    public FollowedLines(string path, System.Text.Encoding encoding, TimeProvider clock)
    {
        this.path = path;
        this.clock = clock;
        this.encoding = encoding.GetBytes("\n") is [(byte)'\n'] ? encoding : throw StreamErrors.NotFollowable(encoding.WebName);
    }

    public async IAsyncEnumerator<string> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        using var file = new FollowedFile(path);
        var lines = new LineSplitter();
        bool wasAtEnd = false;
        while (!cancellationToken.IsCancellationRequested)
        {
            FileChange change = wasAtEnd ? file.Look() : FileChange.None;
            if (change == FileChange.Rewritten)
            {
                // What was cut off behind the last line feed is no line, and never will be.
                lines.Reset();
            }

            int count = file.Read(lines.Room().Span);
            lines.Commit(count);
            while (lines.TryTake(out ReadOnlySpan<byte> line))
            {
                yield return TextOf(line);
            }

            wasAtEnd = count == 0;
            if (change == FileChange.Replaced && wasAtEnd)
            {
                // Nothing was written between the end and the replacement, so the end is final.
                if (lines.TryTakeRest(out ReadOnlySpan<byte> rest))
                {
                    yield return TextOf(rest);
                }

                lines.Reset();
                file.Switch();
                wasAtEnd = false;
            }
            else if (wasAtEnd)
            {
                await PauseAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    // Does not throw when it is cancelled: to be stopped is the usual end.
    private async Task PauseAsync(CancellationToken cancellationToken) =>
        await Task.Delay(PollInterval, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private string TextOf(ReadOnlySpan<byte> line)
    {
        try
        {
            return encoding.GetString(line);
        }
        catch (DecoderFallbackException error)
        {
            throw StreamErrors.BadText(path, line: null, error);
        }
    }
}
