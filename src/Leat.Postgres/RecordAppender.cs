using Leat.Storage;

namespace Leat.Postgres;

/// <summary>
/// Many callers, one writer. A caller puts its record into the last batch and waits for nothing; while one batch is written, the
/// next ones collect.
/// </summary>
internal sealed class RecordAppender(Func<RecordBatch, Task> write)
{
    private readonly Lock gate = new();
    private readonly Queue<RecordBatch> waiting = [];
    private RecordBatch? last;
    private bool isWriting;
    private bool isClosed;

    /// <summary>Takes a record; the task completes when it is in the database.</summary>
    public Task AppendAsync(LedgerRecord record)
    {
        record.Check();
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(isClosed, typeof(ILedgerSession));
            if (waiting.Count == 0 || !last!.TryAdd(record))
            {
                last = new RecordBatch();
                last.TryAdd(record);
                waiting.Enqueue(last);
            }
            if (isWriting) return last.Written;
            isWriting = true;
            ThreadPool.UnsafeQueueUserWorkItem(static appender => _ = appender.WriteAllAsync(), this, preferLocal: false);
            return last.Written;
        }
    }

    /// <summary>Waits until what was appended is written, well or not.</summary>
    public async Task DrainAsync()
    {
        Task written;
        lock (gate) written = last?.Written ?? Task.CompletedTask;
        await written.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Refuses further records.</summary>
    /// <returns>False if it does so already.</returns>
    public bool Close()
    {
        lock (gate) return !isClosed && (isClosed = true);
    }

    /// <summary>Refuses what is asked of a session that was closed.</summary>
    public void ThrowIfClosed()
    {
        lock (gate) ObjectDisposedException.ThrowIf(isClosed, typeof(ILedgerSession));
    }

    private async Task WriteAllAsync()
    {
        while (true)
        {
            RecordBatch batch;
            lock (gate)
            {
                if (!waiting.TryDequeue(out batch!))
                {
                    isWriting = false;
                    return;
                }
            }
            try
            {
                await write(batch).ConfigureAwait(false);
                batch.Done();
            }
            catch (Exception error)
            {
                batch.Failed(error);
            }
        }
    }
}
