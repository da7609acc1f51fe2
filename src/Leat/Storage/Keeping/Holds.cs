using System.Globalization;

namespace Leat.Storage;

/// <summary>
/// What running processes hold: a file for each hold, which says since when; its time is a sign of life. Nothing is
/// collected that was used since the start of a live hold.
/// </summary>
internal sealed class Holds(CacheDirectory directory, CacheOptions options, CacheVoice voice)
{
    private static readonly TimeSpan Beat = TimeSpan.FromMinutes(1);

    private readonly HoldTimes times = HoldTimes.In(directory.Root);

    /// <summary>Takes note of the use of an entry, so that it counts as used.</summary>
    /// <param name="place">The entry.</param>
    /// <param name="kept">When it was kept.</param>
    public void Use(string place, DateTimeOffset kept)
    {
        long now = TimeProvider.System.GetUtcNow().UtcTicks;
        long limit = Math.Max(now - TimeSpan.TicksPerHour, times.Oldest ?? 0);
        // Kept since then is used since then; of others the file tells.
        if (kept.UtcTicks < limit + TimeSpan.TicksPerMinute && File.GetLastWriteTimeUtc(place).Ticks < limit) FileTouch.Now(place);
    }

    /// <summary>Begins a hold.</summary>
    public IDisposable Begin()
    {
        var hold = new Hold(times, directory, Path.Combine(directory.Holds, string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}-{Environment.ProcessId}-{Guid.NewGuid():N}")));
        if (!options.ReadOnly)
        {
            try
            {
                hold.Write();
            }
            catch (Exception error) when (FileTrouble.IsOne(error) || error is LeatException)
            {
                voice.Unusable("what a run uses can't be held in it", error);
            }
        }
        times.Add(hold.Start);
        return hold;
    }

    private sealed class Hold : IDisposable
    {
        private readonly HoldTimes times;
        private readonly CacheDirectory directory;
        private readonly string file;
        private readonly ITimer timer;
        private bool isEnded;

        public Hold(HoldTimes times, CacheDirectory directory, string file)
        {
            this.times = times;
            this.directory = directory;
            this.file = file;
            Start = TimeProvider.System.GetUtcNow().UtcTicks;
            timer = TimeProvider.System.CreateTimer(_ => FileTouch.Now(file), null, Beat, Beat);
        }

        /// <summary>Since when, by the file system's clock.</summary>
        public long Start { get; private set; }

        public void Write()
        {
            directory.Writing(file, () => File.WriteAllBytes(file, []));
            Start = File.GetLastWriteTimeUtc(file).Ticks;
            File.WriteAllText(file, new HoldRecord(Start, Environment.MachineName, Environment.ProcessId).ToString());
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref isEnded, true)) return;
            timer.Dispose();
            times.Remove(Start);
            try
            {
                File.Delete(file);
            }
            catch (Exception error) when (FileTrouble.IsOne(error))
            {
                // Without signs of life it ends by itself.
            }
        }
    }
}
