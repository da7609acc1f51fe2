using System.Buffers;
using System.Text.Json;

namespace Leat.Jobs;

/// <summary>Tells what happens in a run: to whoever wants to know, and to the run's file of events, one JSON object a line.</summary>
/// <param name="folder">The run's folder; the file is made with the first event that is about a job.</param>
/// <param name="listener">Who wants to know.</param>
internal sealed class RunEvents(RunFolder folder, Action<JobEvent>? listener) : IDisposable
{
    private const int LargestKept = 64 * 1024;

    private readonly Lock gate = new();
    private readonly List<JobEvent> early = [];
    private ArrayBufferWriter<byte> bytes = new();
    private FileStream? file;
    private bool isBroken;

    public void Tell(JobEvent each)
    {
        lock (gate)
        {
            try
            {
                listener?.Invoke(each);
            }
            catch (Exception)
            {
                // A fault of the listener's must not end what it listens to.
            }

            if (file is not null) Write(each);
            else if (each is RunStarted or RunWarning or RunEnded) early.Add(each);
            else Open(each);
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            file?.Dispose();
            file = null;
            isBroken = true;
        }
    }

    private void Open(JobEvent first)
    {
        if (isBroken) return;
        try
        {
            file = new FileStream(Path.Combine(folder.Open(), "events.jsonl"), FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            isBroken = true;
            return;
        }

        early.ForEach(Write);
        early.Clear();
        Write(first);
    }

    private void Write(JobEvent each)
    {
        bytes.ResetWrittenCount();
        using (var writer = new Utf8JsonWriter(bytes)) JobEventJson.Write(writer, each);
        bytes.Write("\n"u8);
        try
        {
            file!.Write(bytes.WrittenSpan);
        }
        catch (IOException)
        {
            // The disk is full, which the ledger says if it lasts: the events are for those who look on.
            file!.Dispose();
            file = null;
            isBroken = true;
        }

        if (bytes.Capacity > LargestKept) bytes = new ArrayBufferWriter<byte>();
    }
}
