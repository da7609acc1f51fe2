using Leat.Encoding;
using Leat.Storage;

namespace Leat.Tests.Storage;

/// <summary>Why a call is not found.</summary>
public sealed class ExplainTests : IDisposable
{
    private readonly TemporaryDirectory folder = new();
    private readonly Cache cache;

    public ExplainTests() => cache = Cache.Directory(folder["cache"], new CacheOptions { Required = true });

    public void Dispose() => folder.Dispose();

    [Fact]
    public void What_is_new_is_told()
    {
        Func<string, int, string> repeat = cache.Wrap((string word, int times) => string.Concat(Enumerable.Repeat(word, times)), "repeat");
        Assert.Equal("'repeat' has not been called with this cache before", cache.Explain(repeat, "a", 1).Reason);
        repeat("abc", 2);
        repeat("def", 3);

        Assert.Equal("its result is kept", cache.Explain(repeat, "abc", 2).Reason);
        Assert.True(cache.Explain(repeat, "abc", 2).IsHit);
        Assert.Equal("argument 1 was \"def\" and is \"xyz\"", cache.Explain(repeat, "xyz", 3).Reason);
        Assert.Equal("argument 2 was 2 and is 5", cache.Explain(repeat, "abc", 5).Reason);
        CacheExplanation both = cache.Explain(repeat, "x", 9);
        Assert.Equal("it has not been called with \"x\", 9 before", both.Reason);
        Assert.Equal(["\"def\"", "3"], both.Nearest!.Arguments);
    }

    [Fact]
    public void A_changed_captured_value_is_told()
    {
        int factor = 2;
        Func<int, int> times = cache.Wrap((int x) => x * factor, "times");
        times(1);
        factor = 3;
        Assert.Equal("the captured variable 'factor' was 2 and is 3", cache.Explain(times, 1).Reason);
    }

    [Fact]
    public void A_changed_function_of_the_same_name_is_told()
    {
        cache.Wrap((int x) => x * 2, "times")(1);
        Func<int, int> other = cache.Wrap((int x) => x * 3, "times");
        Assert.Contains("2 is now 3", cache.Explain(other, 1).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void What_has_come_since_is_left_out()
    {
        CallKey old = Run((int x) => x * 2), now = Run((int x) => x * 3);
        MissExplainer explainer = cache.ExplainMisses(new HashSet<Digest> { now.Digest });
        Assert.Contains("2 is now 3", explainer.Explain(now, _ => "1"), StringComparison.Ordinal);
        cache.Clear();
        Run((int x) => x * 3);
        Assert.Equal("'times' has not been called with this cache before", cache.ExplainMisses(new HashSet<Digest> { now.Digest }).Explain(now, _ => "1"));
        Assert.Equal("its entry was removed, or is damaged", cache.ExplainMisses(new HashSet<Digest>()).Explain(now, _ => "1"));
        Assert.NotEqual(old.Digest, now.Digest);

        CallKey Run(Func<int, int> function)
        {
            CallKey key = new(FunctionIdentity.Of(function, typeof(int), "times"), [EncodedValue.Of(1, cache.Files).Digest]);
            cache.Store(key, EncodedValue.Of(function(1), cache.Files), TimeSpan.Zero, _ => "1");
            return key;
        }
    }

    [Fact]
    public void Wrong_arguments_are_refused()
    {
        Func<int, string, CancellationToken, int> function = cache.Wrap((int _, string text, CancellationToken _) => text.Length);
        Assert.Contains("LEAT0082: The function takes 2 arguments, and 1 are given.", Assert.Throws<ArgumentException>(() => cache.Explain(function, 1)).Message, StringComparison.Ordinal);
        Assert.Contains("LEAT0083: Argument 2 of the function is a String, and a Int32 is given.", Assert.Throws<ArgumentException>(() => cache.Explain(function, 1, 2)).Message, StringComparison.Ordinal);
        Assert.Contains("LEAT0083: Argument 1", Assert.Throws<ArgumentException>(() => cache.Explain(function, null, "a")).Message, StringComparison.Ordinal);
        Assert.False(cache.Explain(function, 1, null).IsHit);
    }

    [Fact]
    public void Everything_kept_is_listed()
    {
        Func<string, byte[]> bytes = cache.Wrap((string word) => new byte[word.Length * 1000], "bytes");
        bytes("12345");
        CacheEntry entry = Assert.Single(cache.List());
        Assert.Equal(("bytes", "\"12345\"", Environment.MachineName), (entry.Function, Assert.Single(entry.Arguments), entry.Machine));
        Assert.InRange(entry.Size, 5000, 5010);
        Assert.StartsWith("bytes(\"12345\"): 500", entry.ToString(), StringComparison.Ordinal);
    }
}
