namespace Leat.Tests.Storage;

/// <summary>Functions with a cache before them, in all forms.</summary>
public sealed class WrapTests : IDisposable
{
    private readonly TemporaryDirectory folder = new();
    private readonly Cache cache;

    public WrapTests() => cache = Cache.Directory(folder["cache"], new CacheOptions { Required = true });

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_function_runs_once_for_equal_arguments()
    {
        Func<string, int> length = cache.Wrap((string word) => Calls.Count(word.Length));
        int before = Calls.Made;

        Assert.Equal([3, 3, 2, 3], new[] { "abc", "abc", "de", "abc" }.Select(length));
        Assert.Equal(2, Calls.Made - before);
        Assert.Equal(3, Cache.Directory(folder["cache"]).Wrap((string word) => Calls.Count(word.Length))("abc"));
    }

    [Fact]
    public async Task All_forms_work_and_share_nothing()
    {
        CancellationToken none = CancellationToken.None;
        for (int round = 0; round < 2; round++)
        {
            Assert.Equal(1, cache.Wrap(() => 1)());
            Assert.Equal(2, cache.Wrap((int a) => a + 1)(1));
            Assert.Equal(3, cache.Wrap((int a, int b) => a + b)(1, 2));
            Assert.Equal("6x", cache.Wrap((int a, int b, string c) => $"{a * b}{c}")(2, 3, "x"));
            Assert.Equal(24.5, cache.Wrap((int a, long b, double c, byte d) => (a * b * c) + d)(2, 3, 4, 1) - 0.5);
            Assert.Equal(2, cache.Wrap((int a, CancellationToken token) => token.CanBeCanceled ? 0 : a + 1)(1, none));
            Assert.Equal(4, await cache.Wrap(async (int a) => { await Task.Yield(); return a * 2; })(2));
            Assert.Equal(5, await cache.Wrap(async (int a, CancellationToken token) => { await Task.Yield(); token.ThrowIfCancellationRequested(); return a * 2 + 1; })(2, none));
            Assert.Equal(6, await cache.Wrap((int a) => new ValueTask<int>(a * 3))(2));
            Assert.Equal(7, await cache.Wrap(async ValueTask<int> (int a, CancellationToken _) => { await Task.Yield(); return (a * 3) + 1; })(2, none));
            Assert.Equal(8, cache.Wrap<int, int>(Calls.EightTimes)(1));
        }
        Assert.Equal(11, cache.Statistics().Hits);
    }

    [Fact]
    public void Captured_values_count_as_they_are_at_each_call()
    {
        int factor = 2;
        Func<int, int> times = cache.Wrap((int x) => Calls.Count(x * factor));
        Assert.Equal(6, times(3));
        factor = 3;
        Assert.Equal(9, times(3));
        factor = 2;
        int before = Calls.Made;
        Assert.Equal(6, times(3));
        Assert.Equal(before, Calls.Made);
    }

    [Fact]
    public void A_wrapped_function_counts_in_others_as_the_function()
    {
        Func<int, int> plain = x => x + 1;
        Func<int, int> inner = cache.Wrap(plain);
        Func<int, int> outer = cache.Wrap((int x) => Calls.Count(inner(x) * 2));
        Assert.Equal(8, outer(3));
        int before = Calls.Made;
        foreach (Func<int, int> same in new[] { cache.Wrap(plain, "another name"), plain })
        {
            inner = same;
            Assert.Equal(8, outer(3));
        }
        Assert.Equal(before, Calls.Made);
        inner = cache.Wrap((int x) => x + 2);
        Assert.Equal(10, outer(3));
    }

    [Fact]
    public void Failures_are_not_kept()
    {
        Func<int, int> divide = cache.Wrap((int x) => Calls.Count(12 / x));
        Assert.Throws<DivideByZeroException>(() => divide(0));
        Assert.Throws<DivideByZeroException>(() => divide(0));
        Assert.Equal(4, divide(3));
    }

    [Fact]
    public void What_a_function_gives_when_it_is_told_to_end_is_returned_and_not_kept()
    {
        using var source = new CancellationTokenSource();
        Func<int, CancellationToken, int> count = cache.Wrap(static (int x, CancellationToken token) =>
        {
            Stop?.Invoke();
            return token.IsCancellationRequested ? -1 : x;
        });
        Stop = source.Cancel;
        Assert.Equal(-1, count(5, source.Token));
        Stop = null;
        Assert.Equal(5, count(5, CancellationToken.None));
    }

    [Fact]
    public void A_result_that_is_no_data_is_told()
    {
        LeatException error = Assert.Throws<LeatException>(() => cache.Wrap((int _) => new MemoryStream(), "open")(1));
        Assert.StartsWith("LEAT0078: The result of 'open' can't be kept in a cache: LEAT0032", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_function_that_calls_itself_with_the_same_arguments_is_told()
    {
        Func<int, int>? again = null;
        Func<int, int> own = x => again!(x) + 1;
        again = cache.Wrap(own, "again");
        Assert.StartsWith("LEAT0079: The cached function 'again' called itself", Assert.Throws<LeatException>(() => again(1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Recursion_with_other_arguments_is_cached()
    {
        Func<int, long>? fibonacci = null;
        Func<int, long> own = n => n < 2 ? n : fibonacci!(n - 1) + fibonacci!(n - 2);
        fibonacci = cache.Wrap(own);
        Assert.Equal(12586269025, fibonacci(50));
    }

    [Fact]
    public void A_cache_travels_with_its_options()
    {
        var options = new CacheOptions { SizeLimit = 5, AgeLimit = TimeSpan.FromDays(1), Required = true, Flush = true, ReadOnly = true, SigningKey = new byte[16], Events = _ => { } };
        Cache there = Leat.Encoding.BinaryEncoding.Decode<Cache>(Leat.Encoding.BinaryEncoding.Encode(Cache.Directory(folder["other"], options)));
        Assert.Equal(folder["other"], there.Path);
        Assert.Equal(options.ToString(), there.Options.ToString());
        Assert.True(there.Options.SigningKey.Span.SequenceEqual(options.SigningKey.Span));
        Assert.Null(there.Options.Events);
    }

    [ThreadStatic]
    private static Action? Stop;

    internal static class Calls
    {
        [ThreadStatic]
        private static int made;

        public static int Made => made;

        public static int Count(int result)
        {
            made++;
            return result;
        }

        public static int EightTimes(int x) => 8 * x;
    }
}
