namespace Leat.Tests.Storage;

/// <summary>A cache finds what was kept, and nothing else.</summary>
public sealed class CacheModelTests
{
    [Fact]
    public void Random_calls_are_found_as_in_a_dictionary()
    {
        using var rig = new CallRig();
        var random = new Random(3);
        Dictionary<int, byte[]> model = [];
        for (int step = 0; step < 1000 * Repeat.Times(1); step++)
        {
            int key = random.Next(100);
            if (random.Next(3) == 0)
            {
                byte[] value = new byte[random.Next(4) switch { 0 => 0, 1 => random.Next(50), 2 => random.Next(4090, 4100), _ => random.Next(20_000) }];
                random.NextBytes(value);
                rig.Store(key, value);
                model[key] = value;
            }
            else
            {
                Assert.Equal(model.GetValueOrDefault(key), rig.Find<int, byte[]>(key, cache: random.Next(20) == 0 ? rig.Another() : null));
            }
        }
        CacheStatistics statistics = rig.Cache.Statistics();
        Assert.Equal(model.Count, statistics.Entries);
        Assert.Equal(statistics.Bytes, rig.Files("").Sum(file => new FileInfo(file).Length) - new FileInfo(rig.Folder["cache/leat-cache"]).Length);
        Assert.Empty(rig.Events);
    }

    [Fact]
    public void What_was_kept_tells_of_itself()
    {
        using var rig = new CallRig(new CacheOptions { Clock = new ManualClock() });
        rig.Store(1, "one");
        Leat.Storage.CachedValue found = rig.Cache.Find(CallRig.Key(1))!;
        Assert.Equal((TimeSpan.FromSeconds(2), rig.Options.Clock.GetUtcNow(), true), (found.Time, found.Kept, found.IsAtHand));
        Assert.Equal(CallRig.Encoded("one").Digest, found.Digest);
        rig.Store(2, new byte[5000]);
        Assert.False(rig.Cache.Find(CallRig.Key(2))!.IsAtHand);
    }

    [Fact]
    public void An_entry_whose_object_is_missing_is_a_miss()
    {
        using var rig = new CallRig();
        rig.Store(1, new byte[5000]);
        Leat.Storage.CachedValue found = rig.Cache.Find(CallRig.Key(1))!;
        File.Delete(Assert.Single(rig.Files("objects")));
        Assert.Null(found.Load());
        Assert.Null(rig.Cache.Find(CallRig.Key(1)));
        rig.Store(1, new byte[5000]);
        Assert.NotNull(rig.Find<int, byte[]>(1));
    }

    [Fact]
    public void Equal_contents_are_kept_once()
    {
        using var rig = new CallRig();
        for (int i = 0; i < 5; i++) rig.Store(i, new byte[5000]);
        Assert.Single(rig.Files("objects"));
        Assert.Equal((5, 1), (rig.Cache.Statistics().Entries, rig.Cache.Statistics().Objects));
    }
}
