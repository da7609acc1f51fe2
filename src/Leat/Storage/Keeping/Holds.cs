using System.Globalization;

namespace Leat.Storage;

/// <summary>
/// What running processes hold: a file for each hold, which says since when; its time is a sign of life. Nothing is
/// collected that was used since the start of a live hold.
/// </summary>
internal sealed class Holds(CacheDirectory directory, CacheOptions options, CacheVoice voice)
{
    private static readonly TimeSpan Beat = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private readonly List<Hold> mine = [];
    private long oldest = long.MaxValue;

    /// <summary>Takes note of the use of an entry, so that it counts as used.</summary>
    /// <param name="place">The entry.</param>
    /// <param name="kept">When it was kept.</param>
    public void Use(string place, DateTimeOffset kept)
    {
        long now = TimeProvider.System.GetUtcNow().UtcTicks;
        long since = Math.Min(now - TimeSpan.TicksPerHour, long.MaxValue);
        long limit = Math.Max(since, Interlocked.Read(ref oldest) is var start && start == long.MaxValue ? 0 : start);
        // Kept since then is used since then; of others the file tells.
        if (kept.UtcTicks < limit + TimeSpan.TicksPerMinute && File.GetLastWriteTimeUtc(place).Ticks < limit) FileTouch.Now(place);
    }

    /// <summary>Begins a hold.</summary>
    public IDisposable Begin()
    {
        var hold = new Hold(this, directory, Path.Combine(directory.Holds, string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}-{Environment.ProcessId}-{Guid.NewGuid():N}")));
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
        lock (gate)
        {
            mine.Add(hold);
            Reckon();
        }
        return hold;
    }

    private void End(Hold hold)
    {
        lock (gate)
        {
            mine.Remove(hold);
            Reckon();
        }
    }

    private void Reckon() => Interlocked.Exchange(ref oldest, mine.Count == 0 ? long.MaxValue : mine.Min(each => each.Start));

    private sealed class Hold : IDisposable
    {
        private readonly Holds owner;
        private readonly CacheDirectory directory;
        private readonly string file;
        private readonly ITimer timer;
        private bool isEnded;

        public Hold(Holds owner, CacheDirectory directory, string file)
        {
            this.owner = owner;
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
            owner.End(this);
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

/// <summary>What the file of a hold says.</summary>
/// <param name="Start">Since when, in ticks of the file system's clock (UTC).</param>
/// <param name="Machine">Whose process it is.</param>
/// <param name="Process">Its number.</param>
internal sealed record HoldRecord(long Start, string Machine, int Process)
{
    public static HoldRecord? Parse(string text)
    {
        string[] lines = text.Split('\n');
        return lines.Length >= 3
            && long.TryParse(lines[0], NumberStyles.None, CultureInfo.InvariantCulture, out long start)
            && int.TryParse(lines[2], NumberStyles.None, CultureInfo.InvariantCulture, out int process)
            ? new HoldRecord(start, lines[1], process)
            : null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Start}\n{Machine}\n{Process}\n");
}
