namespace Leat.Storage;

/// <summary>
/// The right to collect: a file that only one process can create. Its time is the file system's clock, by which
/// everything is compared; one that shows no sign of life for ten minutes was left behind.
/// </summary>
internal sealed class CollectorTurn : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Beat = TimeSpan.FromMinutes(1);

    private const int ExistsOnUnix = 17;
    private const int ExistsOnWindows = unchecked((int)0x80070050);

    private readonly string file;
    private readonly ITimer timer;

    private CollectorTurn(string file)
    {
        this.file = file;
        Now = File.GetLastWriteTimeUtc(file);
        timer = TimeProvider.System.CreateTimer(_ => FileTouch.Now(file), null, Beat, Beat);
    }

    /// <summary>When the turn began.</summary>
    public DateTime Now { get; }

    /// <summary>Takes the turn; null if somebody has it.</summary>
    public static CollectorTurn? TryTake(CacheDirectory directory)
    {
        string place = Path.Combine(directory.Holds, "collector");
        Directory.CreateDirectory(directory.Holds);
        if (!TryCreate(place))
        {
            if (!IsLeftBehind(directory, place)) return null;
            if (!TryPutAside(place) || !TryCreate(place)) return null;
        }
        return new CollectorTurn(place);
    }

    public void Dispose()
    {
        timer.Dispose();
        try
        {
            File.Delete(file);
        }
        catch (Exception error) when (FileTrouble.IsOne(error))
        {
            // With its directory, or it is taken for left behind in ten minutes.
        }
    }

    // Of several that see it, one moves it.
    private static bool TryPutAside(string file)
    {
        string aside = $"{file}-{Guid.NewGuid():n}";
        try
        {
            File.Move(file, aside);
            File.Delete(aside);
            return true;
        }
        catch (Exception error) when (FileTrouble.IsGone(error))
        {
            return false;
        }
    }

    private static bool TryCreate(string file)
    {
        try
        {
            File.OpenHandle(file, FileMode.CreateNew, FileAccess.Write).Dispose();
            return true;
        }
        catch (IOException error) when (error.HResult is ExistsOnUnix or ExistsOnWindows)
        {
            return false;
        }
    }

    private static bool IsLeftBehind(CacheDirectory directory, string file)
    {
        string probe = Path.Combine(directory.Holds, $".{Guid.NewGuid():N}{AtomicFile.Ending}");
        File.WriteAllBytes(probe, []);
        DateTime now = File.GetLastWriteTimeUtc(probe);
        File.Delete(probe);
        return now - File.GetLastWriteTimeUtc(file) > Longest;
    }
}
