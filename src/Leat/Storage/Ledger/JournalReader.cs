namespace Leat.Storage;

/// <summary>A journal to look at.</summary>
internal sealed class JournalReader(JournalImage image) : ILedgerReader
{
    /// <inheritdoc/>
    public IReadOnlyDictionary<string, LedgerRecord> Latest => image.Latest;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, LedgerRecord> Good => image.Good;

    /// <inheritdoc/>
    public IReadOnlyList<LedgerWarning> Warnings => image.Warnings;

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<LedgerRecord>> HistoryAsync(string job, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(job);
        return ValueTask.FromResult(image.HistoryOf(job));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
