namespace Leat.Tests.Storage;

/// <summary>What is removed, and what stays.</summary>
public sealed class PruneTests
{
    private static readonly DateTime LongAgo = new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void What_was_not_used_for_longest_goes_first()
    {
        // Kept long ago, so that a use is taken note of.
        using var rig = new CallRig(new CacheOptions { Clock = new ManualClock() });
        for (int i = 0; i < 10; i++)
        {
            rig.Store(i, $"value {i}");
            Age(rig, i, days: 10 - i);
        }
        Assert.Equal("value 0", rig.Find<int, string>(0));
        long size = rig.Files("entries").Sum(file => new FileInfo(file).Length);

        CacheCollected collected = rig.Cache.Prune(maxSize: size / 2);

        Assert.Equal((5, 0), (collected.Entries, collected.Objects));
        Assert.Equal([0, 6, 7, 8, 9], Enumerable.Range(0, 10).Where(i => rig.Find<int, string>(i) is not null));
    }

    [Fact]
    public void What_was_not_used_for_long_goes_with_its_object_and_its_leftovers()
    {
        using var rig = new CallRig();
        rig.Store(1, new byte[5000]);
        rig.Store(2, Enumerable.Repeat((byte)2, 5000).ToArray());
        string shared = rig.Files("objects").First(file => !File.ReadAllBytes(file).Contains((byte)2));
        rig.Store(3, new byte[5000]);
        foreach (int key in new[] { 1, 2 }) Age(rig, key, days: 3);
        foreach (string each in rig.Files("objects")) File.SetLastWriteTimeUtc(each, LongAgo);
        string left = rig.Folder.Write("cache/entries/ab/.0123456789abcdef.tmp", "half");
        string foreign = rig.Folder.Write("cache/entries/ab/notes.txt", "mine");
        File.SetLastWriteTimeUtc(left, LongAgo);
        File.SetLastWriteTimeUtc(foreign, LongAgo);

        CacheCollected collected = rig.Cache.Prune(maxAge: TimeSpan.FromDays(1));

        Assert.Equal((2, 1), (collected.Entries, collected.Objects));
        Assert.Equal([shared], rig.Files("objects"));
        Assert.NotNull(rig.Find<int, byte[]>(3));
        Assert.False(File.Exists(left));
        Assert.True(File.Exists(foreign));
    }

    [Fact]
    public void A_young_object_that_nobody_names_yet_stays()
    {
        using var rig = new CallRig();
        rig.Store(1, new byte[5000]);
        File.Delete(rig.EntryOf(1));
        File.SetLastWriteTimeUtc(rig.Files("functions").Single(), LongAgo);
        rig.Cache.Prune();
        Assert.Single(rig.Files("objects"));
        Assert.Empty(rig.Files("functions"));
        File.SetLastWriteTimeUtc(rig.Files("objects").Single(), LongAgo);
        Assert.Equal(1, rig.Cache.Prune().Objects);
        Assert.Empty(rig.Files("objects"));
    }

    [Fact]
    public void What_a_live_hold_has_used_stays()
    {
        using var rig = new CallRig(new CacheOptions { Clock = new ManualClock() });
        foreach (int key in new[] { 1, 2 })
        {
            rig.Store(key, "x");
            Age(rig, key, days: 3);
        }
        using (rig.Cache.Hold())
        {
            Assert.NotNull(rig.Find<int, string>(1, cache: rig.Another()));
            rig.Store(3, "y");
            Assert.Equal(1, rig.Another().Prune(maxSize: 0).Entries);
            Assert.Equal([1, 3], new[] { 1, 2, 3 }.Where(key => rig.Find<int, string>(key) is not null));
        }
        Assert.Empty(rig.Files("holds"));
        Assert.Equal(2, rig.Another().Prune(maxSize: 0).Entries);
    }

    [Fact]
    public void The_hold_of_a_dead_process_holds_nothing()
    {
        using var rig = new CallRig();
        rig.Store(1, "x");
        string gone = rig.Folder.Write("cache/holds/a-1", $"0\n{Environment.MachineName}\n2147483000\n");
        string silent = rig.Folder.Write("cache/holds/b-1", $"0\nelsewhere\n1\n");
        File.SetLastWriteTimeUtc(silent, LongAgo);
        string alive = rig.Folder.Write("cache/holds/c-1", $"0\nelsewhere\n1\n");
        Assert.Equal(0, rig.Cache.Prune(maxSize: 0).Entries);
        Assert.False(File.Exists(gone) || File.Exists(silent));
        File.Delete(alive);
        Assert.Equal(1, rig.Cache.Prune(maxSize: 0).Entries);
    }

    [Fact]
    public void One_collector_at_once_and_a_dead_one_does_not_hinder()
    {
        using var rig = new CallRig();
        rig.Store(1, "x");
        string turn = rig.Folder.Write("cache/holds/collector", "");
        Assert.Equal(0, rig.Cache.Prune(maxSize: 0).Entries);
        File.SetLastWriteTimeUtc(turn, LongAgo);
        Assert.Equal(1, rig.Cache.Prune(maxSize: 0).Entries);
        Assert.Empty(rig.Files("holds"));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_limit_is_kept_in_the_background()
    {
        using var rig = new CallRig(new CacheOptions { SizeLimit = 100_000 });
        for (int i = 0; i < 300; i++) rig.Store(i, new byte[2000]);
        await Streams.Eventually.TrueAsync(() => rig.Cache.Statistics().Bytes < 150_000, () => $"{rig.Cache.Statistics()}");
        rig.Store(300, new byte[2000]);
        Assert.NotNull(rig.Find<int, byte[]>(300));
    }

    [Fact]
    public void Clearing_removes_only_what_is_the_caches_own()
    {
        using var rig = new CallRig();
        rig.Store(1, "x");
        rig.Store(2, new byte[5000]);
        string mine = rig.Folder.Write("cache/entries/mine.txt", "mine");
        rig.Cache.Clear();
        Assert.Equal(["leat-cache", "mine.txt"], rig.Files("").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal));
        Assert.Equal("mine", File.ReadAllText(mine));
        rig.Store(1, "x");
        Assert.Equal("x", rig.Find<int, string>(1));
        Assert.Single(rig.Files("functions"));
    }

    private static void Age(CallRig rig, int key, double days) => File.SetLastWriteTimeUtc(rig.EntryOf(key), DateTime.UnixEpoch.AddTicks(TimeProvider.System.GetUtcNow().Ticks - DateTime.UnixEpoch.Ticks) - TimeSpan.FromDays(days));
}
