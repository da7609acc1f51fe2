using System.Text;
using Leat.Encoding;

namespace Leat.Pools;

/// <summary>
/// What the author's code writes to the console of a worker goes to the author's program, in the order in which it was
/// written, and together with the items that wrote it.
/// </summary>
internal sealed class ConsoleCapture(Outbox outbox)
{
    private const int LargestWaiting = 8 * 1024;

    private readonly Lock gate = new();
    private readonly StringBuilder waiting = new();
    private readonly AsyncLocal<ulong> own = new();
    private bool waitingIsError;
    private ulong waitingClaim;

    /// <summary>The claim whose items write.</summary>
    public ulong Claim { get; set; }

    /// <summary>From now on, in this flow of control, a claim's item writes, and not that of <see cref="Claim"/>.</summary>
    public void Enter(ulong claim) => own.Value = claim;

    public void Install()
    {
#pragma warning disable RS0030 // The ban keeps the library from writing to the author's console. This is a worker's, and leads there.
        Console.SetOut(new Writer(this, isError: false));
        Console.SetError(new Writer(this, isError: true));
        Console.SetIn(TextReader.Null);
#pragma warning restore RS0030
    }

    public void Flush()
    {
        if (waiting.Length == 0)
        {
            return;
        }

        lock (gate)
        {
            Send();
        }
    }

    public void WriteError(string text) => Write(text, isError: true);

    private void Write(ReadOnlySpan<char> text, bool isError)
    {
        ulong claim = own.Value is var entered and not 0 ? entered : Claim;
        lock (gate)
        {
            if (waitingIsError != isError || waitingClaim != claim)
            {
                Send();
                (waitingIsError, waitingClaim) = (isError, claim);
            }

            waiting.Append(text);

            // Whole lines at once: they may be the last before the process ends.
            if (waiting.Length >= LargestWaiting || (text.Length > 0 && text[^1] == '\n'))
            {
                Send();
            }
        }
    }

    private void Send()
    {
        if (waiting.Length == 0)
        {
            return;
        }

        var writer = new EncodingWriter();
        writer.WriteVarint(waitingClaim);
        writer.Write((byte)(waitingIsError ? 1 : 0));
        writer.WriteBytes(System.Text.Encoding.UTF8.GetBytes(waiting.ToString()));
        waiting.Clear();
        outbox.Send(FromWorker.Console, writer.Written);
    }

    private sealed class Writer(ConsoleCapture capture, bool isError) : TextWriter
    {
        public override System.Text.Encoding Encoding => System.Text.Encoding.UTF8;

        public override void Write(char value) => capture.Write([value], isError);

        public override void Write(ReadOnlySpan<char> buffer) => capture.Write(buffer, isError);

        public override void Write(char[] buffer, int index, int count) => capture.Write(buffer.AsSpan(index, count), isError);

        public override void Write(string? value) => capture.Write(value, isError);

        public override void WriteLine(string? value) => capture.Write($"{value}\n", isError);

        public override void Flush() => capture.Flush();
    }
}
