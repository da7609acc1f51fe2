namespace Leat.Storage;

/// <summary>
/// The ledger of a graph in a directory: one file to which records are appended. It is loaded in one read, survives being killed
/// at any instant, and recovers what is sound when it is damaged. <c>docs/ledger-format.md</c> has its format.
/// </summary>
public sealed class Journal : ILedger
{
    private readonly JournalPaths paths;
    private readonly JournalOptions options;

    /// <summary>The ledger in a directory, which need not exist. Nothing is read or made before the ledger is opened.</summary>
    /// <param name="directory">The directory; one that is not absolute is one in the current directory.</param>
    /// <param name="options">How it works; null for the defaults.</param>
    /// <exception cref="LeatException">An option is out of its range.</exception>
    public Journal(string directory, JournalOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        this.options = options ?? new JournalOptions();
        this.options.Check();
        paths = new JournalPaths(System.IO.Path.GetFullPath(directory));
    }

    /// <summary>The directory, absolute.</summary>
    public string Path => paths.Root;

    /// <inheritdoc/>
    public async ValueTask<ILedgerSession> OpenAsync(LedgerRun run, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(run);
        return await Task.Run(() => JournalSession.Open(paths, run, options), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<ILedgerReader> OpenForReadingAsync(CancellationToken cancellationToken = default) =>
        new JournalReader(await Task.Run(() => Load(), cancellationToken).ConfigureAwait(false));

    /// <summary>The directory.</summary>
    public override string ToString() => Path;

    private JournalImage Load()
    {
        try
        {
            return JournalFile.Load(paths.Records);
        }
        catch (Exception error) when (FileTrouble.IsOne(error))
        {
            throw LedgerErrors.Unusable(paths.Root, "it can't be read", error);
        }
    }
}
