using Leat.Storage;
using Leat.Tests.Streams.Ends;

namespace Leat.Tests.Storage;

/// <summary>What a hit costs. The budget is a benchmark's; here is only a bound that no machine should need.</summary>
[Collection(AloneCollection.Name)]
public sealed class HitTimeTests(ITestOutputHelper output)
{
    [Fact]
    public void A_hit_is_quick()
    {
        using var folder = new TemporaryDirectory();
        var cache = Cache.Directory(folder["cache"], new CacheOptions { Required = true });
        Func<string, int> length = cache.Wrap((string word) => word.Length);
        length("word");
        double hit = Measure(() => length("word"));
        Func<int> none = () => 1;
        double identity = Measure(() => FunctionIdentity.Of(none, typeof(int), "none"));
        int captured = 3;
        Func<int> some = () => captured;
        double withState = Measure(() => FunctionIdentity.Of(some, typeof(int), "some"));
        FunctionIdentity function = FunctionIdentity.Of(none, typeof(int), "none");
        double key = Measure(() => GC.KeepAlive(new CallKey(function, [EncodedValue.Of("word", cache.Files).Digest])));
        CallKey missing = new(function, [EncodedValue.Of("other", cache.Files).Digest]);
        double miss = Measure(() => cache.Find(missing));
        string place = new CacheDirectory(cache.Path).Entry(cache.List().Single().Key);
        double read = Measure(() => SmallFile.TryRead(place));
        int changing = 0;
        Func<string, int> fresh = cache.Wrap((string word) => word.Length + changing);
        double stored = Measure(() =>
        {
            changing++;
            fresh("word");
        }, calls: 20);
        output.WriteLine($"a call of a changed function, and its result kept: {stored:0} us");
        output.WriteLine($"hit {hit:0.00} us, of which read {read:0.00}; identity {identity:0.000}, with a captured value {withState:0.00}; key {key:0.00}; miss {miss:0.00}");
        Assert.InRange(hit, 0, 500);
        Assert.InRange(identity, 0, 50);
    }

    // The best of several rounds, in microseconds.
    private static double Measure(Action action, int calls = 200)
    {
        double best = double.MaxValue;
        for (int round = 0; round < 5; round++)
        {
            long start = TimeProvider.System.GetTimestamp();
            for (int i = 0; i < calls; i++) action();
            best = Math.Min(best, TimeProvider.System.GetElapsedTime(start).TotalMicroseconds / calls);
        }
        return best;
    }
}
