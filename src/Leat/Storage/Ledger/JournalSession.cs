using Microsoft.Win32.SafeHandles;

namespace Leat.Storage;

/// <summary>A journal in the hands of a run.</summary>
internal sealed class JournalSession : ILedgerSession
{
    private readonly JournalPaths paths;
    private readonly JournalOptions options;
    private readonly JournalHold hold;
    private readonly JournalWriter writer;
    private readonly JournalImage image;
    private readonly List<LedgerWarning> warnings;
    private readonly long liveBytes;

    private JournalSession(JournalPaths paths, JournalOptions options, JournalHold hold, JournalImage image)
    {
        (this.paths, this.options, this.hold, this.image) = (paths, options, hold, image);
        warnings = [.. image.Warnings];
        (long end, uint number, liveBytes) = Mend();
        writer = new JournalWriter(paths, end, number, options, hold);
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, LedgerRecord> Latest => image.Latest;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, LedgerRecord> Good => image.Good;

    /// <inheritdoc/>
    public IReadOnlyList<LedgerWarning> Warnings => warnings;

    /// <summary>Opens the journal.</summary>
    /// <exception cref="LeatException">It can't be read or written, or another run has it.</exception>
    public static JournalSession Open(JournalPaths paths, LedgerRun run, JournalOptions options)
    {
        JournalHold? taken = null;
        try
        {
            Directory.CreateDirectory(paths.Root);
            taken = JournalHold.Take(paths, run, options);
            var session = new JournalSession(paths, options, taken, JournalFile.Load(paths.Records));
            taken = null;
            return session;
        }
        catch (Exception error) when (FileTrouble.IsOne(error))
        {
            throw LedgerErrors.Unusable(paths.Root, "it can't be opened", error);
        }
        finally
        {
            taken?.Dispose();
        }
    }

    /// <inheritdoc/>
    public ValueTask AppendAsync(LedgerRecord record, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(record);
        cancellationToken.ThrowIfCancellationRequested();
        Task written = writer.AppendAsync(record);
        return new ValueTask(cancellationToken.CanBeCanceled ? written.WaitAsync(cancellationToken) : written);
    }

    /// <inheritdoc/>
    public async ValueTask FlushAsync(CancellationToken cancellationToken = default)
    {
        writer.ThrowIfClosed();
        await Task.Run(writer.FlushAsync, cancellationToken).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask CompactAsync(CancellationToken cancellationToken = default)
    {
        writer.ThrowIfClosed();
        try
        {
            await CompactIfAsync(static _ => true, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (FileTrouble.IsOne(error))
        {
            throw LedgerErrors.Unusable(paths.Root, "it can't be compacted", error);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<LedgerRecord>> HistoryAsync(string job, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(job);
        writer.ThrowIfClosed();
        await writer.DrainAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        if (!writer.HasAppended) return image.HistoryOf(job);
        try
        {
            return await Task.Run(() => JournalFile.Load(paths.Records).HistoryOf(job), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (FileTrouble.IsOne(error))
        {
            throw LedgerErrors.Unusable(paths.Root, "it can't be read", error);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!writer.Close()) return;
        try
        {
            await Task.Run(writer.FlushAsync).ConfigureAwait(false);
            await CompactAtEndAsync().ConfigureAwait(false);
        }
        finally
        {
            await writer.DisposeAsync().ConfigureAwait(false);
            hold.Dispose();
        }
    }

    // What was damaged is put aside as it is and written anew without the damage, so that it is told once.
    private (long End, uint Number, long Live) Mend()
    {
        if (File.Exists(paths.New)) File.Delete(paths.New);
        bool[] kept = image.Index.Kept(options.History, out long live);
        if (image.Bytes.Length < JournalFormat.HeaderSize || image.IsDamaged)
        {
            if (!image.Bytes.IsEmpty) AtomicFile.Write(paths.Damaged, image.Bytes.Span, flush: true);
            return Rewritten(kept, live);
        }
        if (!IsWorthWhile(image.End, live)) return (image.End, image.LastNumber, live);
        try
        {
            return Rewritten(kept, live);
        }
        catch (Exception error) when (FileTrouble.IsOne(error))
        {
            NotCompacted(error);
            return (image.End, image.LastNumber, live);
        }
    }

    private (long End, uint Number, long Live) Rewritten(bool[] kept, long live)
    {
        (SafeFileHandle file, long end, uint number) = JournalFile.Rewrite(paths, image, kept, live);
        file.Dispose();
        return (end, number, live);
    }

    private bool IsWorthWhile(long length, long live) => length > options.CompactFrom && length - JournalFormat.HeaderSize > 2 * live;

    // The journal is loaded for it only where it has grown so that more than half of it can be old.
    private async Task CompactAtEndAsync()
    {
        if (!IsWorthWhile(writer.Length, liveBytes)) return;
        try
        {
            await CompactIfAsync(live => IsWorthWhile(writer.Length, live), CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception error) when (FileTrouble.IsOne(error) || error is LeatException)
        {
            // The next run tries again, and tells.
        }
    }

    private Task CompactIfAsync(Predicate<long> isWorthWhile, CancellationToken cancellationToken) => Task.Run(
        () => writer.ReplaceAsync(
            () =>
            {
                JournalImage now = JournalFile.Load(paths.Records);
                bool[] kept = now.Index.Kept(options.History, out long live);
                return isWorthWhile(live) ? JournalFile.Rewrite(paths, now, kept, live) : null;
            },
            cancellationToken),
        cancellationToken);

    private void NotCompacted(Exception error) => warnings.Add(new LedgerNotCompacted(
        $"The ledger '{paths.Records}' could not be compacted: {error.Message} It goes on as it is.", error));
}
