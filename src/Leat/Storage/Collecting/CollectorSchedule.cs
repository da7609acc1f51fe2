namespace Leat.Storage;

/// <summary>Decides when a cache with limits is looked through: at the first result that is kept, and after every so many bytes.</summary>
internal sealed class CollectorSchedule(CacheStore store, CacheOptions options)
{
    // Of the limit: so much is written between two looks, and so much room is made by one.
    private const int Parts = 20;
    private const int RoomParts = 10;
    private const int ResultsBetween = 10_000;

    private readonly Lock gate = new();
    private long written;
    private long results;
    private bool isBusy;

    /// <summary>The collection that runs now, or has run last.</summary>
    public Task Running { get; private set; } = Task.CompletedTask;

    /// <summary>Takes note of what was written, and collects in the background when it is time.</summary>
    public void Notice(long bytes)
    {
        if (options.SizeLimit is null && options.AgeLimit is null) return;
        long now = Interlocked.Add(ref written, bytes);
        long count = Interlocked.Increment(ref results);
        bool isDue = count == 1 || count % ResultsBetween == 0 || IsMuch(now);
        if (isDue && !Interlocked.Exchange(ref isBusy, true)) Running = Task.Run(Collect);
    }

    /// <summary>Collects now, unless somebody else does.</summary>
    public CacheCollected Prune(long? maxSize, long goal, TimeSpan? maxAge, bool isThorough)
    {
        if (!Directory.Exists(store.Directory.Root)) return new CacheCollected(0, 0, 0);
        // Of this process's own, one waits for the other.
        using Lock.Scope own = gate.EnterScope();
        using CollectorTurn? turn = CollectorTurn.TryTake(store.Directory);
        return turn is null ? new CacheCollected(0, 0, 0) : new Collector(store, turn).Collect(maxSize, goal, maxAge, isThorough);
    }

    private bool IsMuch(long bytes) => bytes > options.SizeLimit / Parts;

    private void Collect()
    {
        long limit = options.SizeLimit ?? long.MaxValue;
        try
        {
            // Again, when much was written meanwhile: perhaps nobody writes any more, and gives another occasion.
            do
            {
                Interlocked.Exchange(ref written, 0);
                Prune(options.SizeLimit, limit - (limit / RoomParts), options.AgeLimit, isThorough: false);
            }
            while (IsMuch(Interlocked.Read(ref written)));
        }
        catch (Exception error) when (FileTrouble.IsOne(error))
        {
            store.Voice.CanNotCollect(error);
        }
        finally
        {
            Interlocked.Exchange(ref isBusy, false);
        }
    }
}
