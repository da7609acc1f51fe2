using Microsoft.Win32.SafeHandles;

namespace Leat.Storage;

/// <summary>
/// Appends to a journal: many callers, one writer. A caller puts its record into the open batch and waits for nothing; while
/// one batch is written, the next one collects.
/// </summary>
/// <remarks>
/// <code>
/// Idle ──append──▶ Writing ──batch written, none open──▶ Idle
///                  Writing ──batch written, one open───▶ Writing
/// </code>
/// Everything that touches the end of the file holds <c>turn</c>: writing a batch, and putting another file in its place.
/// </remarks>
internal sealed class JournalWriter : IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly Lock flushing = new();
    private readonly SemaphoreSlim turn = new(1, 1);
    private readonly JournalPaths paths;
    private readonly JournalOptions options;
    private readonly JournalHold hold;
    private readonly ITimer timer;
    private SafeFileHandle file;
    private long end;
    private uint number;
    private JournalBatch open = new(null);
    private Task lastWritten = Task.CompletedTask;
    private byte[]? spare;
    private bool isWriting;
    private bool isClosed;
    private bool isUnflushed;
    private bool hasAppended;
    private Exception? flushFailure;

    /// <summary>Opens the file, and cuts off what is behind its end.</summary>
    /// <param name="paths">The journal, which exists and is sound up to its end.</param>
    /// <param name="end">Where the next record goes; what is behind it is cut off.</param>
    /// <param name="number">The number of the last record.</param>
    /// <param name="options">When to flush.</param>
    /// <param name="hold">The right to write.</param>
    public JournalWriter(JournalPaths paths, long end, uint number, JournalOptions options, JournalHold hold)
    {
        (this.paths, this.options, this.hold, this.end, this.number) = (paths, options, hold, end, number);
        file = Open();
        if (RandomAccess.GetLength(file) > end) RandomAccess.SetLength(file, end);
        timer = options.Clock.CreateTimer(static writer => ((JournalWriter)writer!).FlushInTime(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>How long the journal is.</summary>
    public long Length => Interlocked.Read(ref end);

    /// <summary>Whether there are records in the file that were not there when it was opened.</summary>
    public bool HasAppended => Volatile.Read(ref hasAppended);

    /// <summary>Takes a record; the task completes when it is in the file.</summary>
    public Task AppendAsync(LedgerRecord record)
    {
        int size = RecordForm.SizeOf(record);
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(isClosed, typeof(ILedgerSession));
            if (!open.TryAdd(record, size)) throw LedgerErrors.TooLarge(paths.Records, JournalFormat.Largest);
            if (isWriting) return open.Written;
            isWriting = true;
            ThreadPool.UnsafeQueueUserWorkItem(static writer => _ = writer.WriteAllAsync(), this, preferLocal: false);
            return open.Written;
        }
    }

    /// <summary>Waits until what was appended is written, well or not.</summary>
    public Task DrainAsync()
    {
        lock (gate) return (open.Count > 0 ? open.Written : lastWritten).ContinueWith(static _ => { }, TaskScheduler.Default);
    }

    /// <summary>Brings to the disk what was appended.</summary>
    /// <exception cref="LeatException">The disk refused, now or since the last time.</exception>
    public async Task FlushAsync()
    {
        await DrainAsync().ConfigureAwait(false);
        FlushInTime();
        if (Interlocked.Exchange(ref flushFailure, null) is { } error) throw LedgerErrors.NotFlushed(paths.Records, error);
    }

    /// <summary>Puts another file in the place of the journal while nothing is written.</summary>
    /// <param name="replace">Does so; gives the file, its length and its last number, or null if it has left everything as it was.</param>
    /// <param name="cancellationToken">Gives up waiting for the turn.</param>
    public async Task ReplaceAsync(Func<(SafeFileHandle File, long End, uint Number)?> replace, CancellationToken cancellationToken)
    {
        await DrainAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            hold.Verify();
            if (replace() is not { } replaced) return;
            SafeFileHandle old = file;
            (file, end, number) = replaced;
            old.Dispose();
        }
        finally
        {
            turn.Release();
        }
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

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await timer.DisposeAsync().ConfigureAwait(false);
        file.Dispose();
        turn.Dispose();
    }

    private SafeFileHandle Open() => File.OpenHandle(paths.Records, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);

    private async Task WriteAllAsync()
    {
        while (true)
        {
            JournalBatch batch;
            lock (gate)
            {
                if (open.Count == 0)
                {
                    isWriting = false;
                    return;
                }
                batch = open;
                lastWritten = batch.Written;
                open = new JournalBatch(spare);
                spare = null;
            }
            await turn.WaitAsync().ConfigureAwait(false);
            LeatException? failure = Write(batch);
            turn.Release();
            lock (gate) spare = batch.TakeBuffer();
            if (failure is null) batch.Done();
            else batch.Failed(failure);
        }
    }

    private LeatException? Write(JournalBatch batch)
    {
        try
        {
            hold.Verify();
            ReadOnlySpan<byte> bytes = batch.Close(end, number + 1);
            if (end + bytes.Length > JournalFormat.Largest) return LedgerErrors.TooLarge(paths.Records, JournalFormat.Largest);
            RandomAccess.Write(file, bytes, end);
            if (options.FlushAfter == TimeSpan.Zero) RandomAccess.FlushToDisk(file);
            Interlocked.Add(ref end, bytes.Length);
            number += (uint)batch.Count;
            Volatile.Write(ref hasAppended, true);
            FlushLater();
            return null;
        }
        catch (LeatException error)
        {
            return error;
        }
        catch (Exception error)
        {
            CutBack();
            return LedgerErrors.NotAppended(paths.Records, batch.Count, error);
        }
    }

    // What was written of a batch that failed would be cut off by the next run, or written over by the next batch.
    private void CutBack()
    {
        try
        {
            RandomAccess.SetLength(file, end);
        }
        catch (Exception)
        {
            // It is as sound with a torn end.
        }
    }

    private void FlushLater()
    {
        if (options.FlushAfter == TimeSpan.Zero || Interlocked.Exchange(ref isUnflushed, true)) return;
        if (options.FlushAfter != Timeout.InfiniteTimeSpan) timer.Change(options.FlushAfter, Timeout.InfiniteTimeSpan);
    }

    private void FlushInTime()
    {
        // Who comes second waits until the first one is done.
        lock (flushing)
        {
            if (Interlocked.Exchange(ref isUnflushed, false)) TryFlush();
        }
    }

    private void TryFlush()
    {
        try
        {
            RandomAccess.FlushToDisk(file);
        }
        catch (ObjectDisposedException)
        {
            // The file was replaced by one that is on the disk.
        }
        catch (Exception error) when (FileTrouble.IsOne(error))
        {
            Interlocked.Exchange(ref flushFailure, error);
        }
    }
}
