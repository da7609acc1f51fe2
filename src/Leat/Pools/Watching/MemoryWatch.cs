namespace Leat.Pools;

/// <summary>Looks a few times a second at how much memory processes have, for as long as there is somebody who wants to know. All are looked at together.</summary>
internal sealed class MemoryWatch : IDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(200);
    private static readonly Lock Gate = new();
    private static readonly List<MemoryWatch> Watched = [];
    private static bool isBeating;

    private readonly int process;
    private readonly long allowed;
    private readonly Action<long> onTooMuch;

    private MemoryWatch(int process, long allowed, Action<long> onTooMuch)
    {
        this.process = process;
        this.allowed = allowed;
        this.onTooMuch = onTooMuch;
    }

    /// <summary>Watches a process, with all that it starts.</summary>
    /// <param name="process">Its number.</param>
    /// <param name="allowed">How many bytes of memory they may have together.</param>
    /// <param name="onTooMuch">Told, once, when they have more: how much.</param>
    public static MemoryWatch Start(int process, long allowed, Action<long> onTooMuch)
    {
        var watch = new MemoryWatch(process, allowed, onTooMuch);
        lock (Gate)
        {
            Watched.Add(watch);
            if (!isBeating) _ = BeatAsync();
            isBeating = true;
        }

        return watch;
    }

    /// <summary>Looks no more.</summary>
    public void Dispose()
    {
        lock (Gate) Watched.Remove(this);
    }

    private static async Task BeatAsync()
    {
        while (true)
        {
            await Task.Delay(Beat, TimeProvider.System, CancellationToken.None).ConfigureAwait(false);
            MemoryWatch[] all;
            lock (Gate)
            {
                if (Watched.Count == 0)
                {
                    isBeating = false;
                    return;
                }

                all = [.. Watched];
            }

            var table = ProcessTable.Read();
            foreach (MemoryWatch watch in all)
            {
                long had = table.MemoryOf(watch.process, watch.allowed);
                if (had <= watch.allowed) continue;
                lock (Gate)
                {
                    // Its number may be another's by now.
                    if (!Watched.Remove(watch)) continue;
                }

                // Not here: what ends a process may take a while, and must not end the watch over the others.
                _ = Task.Run(() => watch.onTooMuch(had));
            }
        }
    }
}

/// <summary>How many processes the kernel has killed because memory had run out; 0 where it does not tell.</summary>
internal static class OutOfMemoryKills
{
    private const string Field = "oom_kill ";

    public static long Count()
    {
        try
        {
            string? line = OperatingSystem.IsLinux() ? File.ReadLines("/proc/vmstat").FirstOrDefault(each => each.StartsWith(Field, StringComparison.Ordinal)) : null;
            return line is null ? 0 : long.Parse(line.AsSpan(Field.Length), provider: System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or FormatException)
        {
            return 0;
        }
    }
}
