using System.Diagnostics;

namespace Leat.Storage;

/// <summary>Reads what running processes hold, and removes what dead ones have left.</summary>
internal static class LiveHolds
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    /// <summary>Since when the oldest live hold holds what is used; the end of time where there is none.</summary>
    public static DateTime Oldest(CacheDirectory directory, DateTime now)
    {
        DateTime oldest = DateTime.MaxValue;
        foreach (CacheFile file in CacheFiles.Files(directory.Holds).Where(file => Path.GetFileName(file.Path).Contains('-', StringComparison.Ordinal)))
        {
            if (StartOf(file, now) is { } start) oldest = start < oldest ? start : oldest;
        }
        return oldest;
    }

    private static DateTime? StartOf(CacheFile file, DateTime now)
    {
        try
        {
            // One that was just made says nothing yet.
            if (HoldRecord.Parse(File.ReadAllText(file.Path)) is not { } hold) return now - file.Used > Longest ? Remove(file) : file.Used;
            bool isDead = now - file.Used > Longest || (hold.Machine == Environment.MachineName && !IsRunning(hold.Process));
            return isDead ? Remove(file) : new DateTime(Math.Clamp(hold.Start, 0, DateTime.MaxValue.Ticks), DateTimeKind.Utc);
        }
        catch (Exception error) when (FileTrouble.IsOne(error))
        {
            // It has just ended.
            return null;
        }
    }

    private static DateTime? Remove(CacheFile file)
    {
        file.TryRemove();
        return null;
    }

    private static bool IsRunning(int process)
    {
        try
        {
            using var running = Process.GetProcessById(process);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
