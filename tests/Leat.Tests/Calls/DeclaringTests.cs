using System.Collections.Immutable;

namespace Leat.Tests.Calls;

public sealed class DeclaringTests
{
    private static readonly Func<Deferred<int>, Deferred<int>> Square = Call.Apply((int x) => x * x);

    [Fact(Timeout = 30_000)]
    public async Task Everything_that_holds_values_converts()
    {
        Assert.Equal(Expect(9), await Square(3).RunAsync());
        Assert.Equal(Expect(1, 4), await Square([1, 2]).RunAsync());
        Assert.Equal(Expect(1, 4), await Square(new[] { 1, 2 }).RunAsync());
        Assert.Equal(Expect(1, 4), await Square(new List<int> { 1, 2 }).RunAsync());
        Assert.Equal(Expect(1, 4), await Square(ImmutableArray.Create(1, 2)).RunAsync());
        Assert.Equal(Expect(1, 4, 9), await Square(1..4).RunAsync());
        Assert.Equal(Expect(1, 4, 9), await Square([1, .. Enumerable.Range(2, 2)]).RunAsync());
        Assert.Equal(Expect(1, 4), await Square(Deferred.From(Enumerable.Range(1, 2))).RunAsync());
        Assert.Equal(Expect(), await Square([]).RunAsync());
    }

    [Fact(Timeout = 30_000)]
    public async Task What_was_given_may_change_afterwards()
    {
        int[] values = [1, 2];
        Deferred<int> squares = Square(values);
        values[0] = 100;
        Assert.Equal(Expect(1, 4), await squares.RunAsync());
    }

    [Fact(Timeout = 30_000)]
    public async Task Every_form_of_a_function_is_called()
    {
        Assert.Equal(Expect(2), await Call.Apply((int x) => x + 1)(1).RunAsync());
        Assert.Equal(Expect(2), await Call.Apply((int x, CancellationToken _) => x + 1)(1).RunAsync());
        Assert.Equal(Expect(2), await Call.Apply(async Task<int> (int x) => await LaterAsync(x))(1).RunAsync());
        Assert.Equal(Expect(2), await Call.Apply(async Task<int> (int x, CancellationToken _) => await LaterAsync(x))(1).RunAsync());
        Assert.Equal(Expect(2), await Call.Apply((int x) => LaterAsync(x))(1).RunAsync());
        Assert.Equal(Expect(2), await Call.Apply((int x, CancellationToken _) => LaterAsync(x))(1).RunAsync());
        Assert.Equal(Expect(3), await Call.Join(async Task<int> (int a, int b, CancellationToken _) => await LaterAsync(a + b - 1))(1, 2).RunAsync());
        Assert.Equal(Expect(3), await Call.Join((int a, int b) => LaterAsync(a + b - 1))(1, 2).RunAsync());
        Assert.Equal(Expect(3), await Call.Zip((int a, int b, CancellationToken _) => LaterAsync(a + b - 1))(1, 2).RunAsync());
        Assert.Equal(Expect(3), await Call.Reduce((int[] all) => LaterAsync(all.Sum() - 1))([1, 2]).RunAsync());
        Assert.Equal(Expect(3), await Call.Reduce(async Task<int> (int[] all) => await LaterAsync(all.Sum() - 1))([1, 2]).RunAsync());
        Assert.Equal(Expect(0, 1), await Call.Flatten((int n) => Numbers(n))(2).RunAsync());
        Assert.Equal(Expect(0, 1), await Call.Flatten((int n, CancellationToken _) => Numbers(n))(2).RunAsync());
        Assert.Equal(Expect(0, 1), await Call.Flatten(async (int n) => Enumerable.Range(0, await LaterAsync(n - 1)).ToArray())(2).RunAsync());
        Assert.Equal(Expect(0, 1), await Call.Source(async () => Enumerable.Range(0, await LaterAsync(1)).ToArray()).RunAsync());
        Assert.Equal(Expect(0, 1), await Call.Flatten(async Task<IEnumerable<int>> (int n) => Enumerable.Range(0, await LaterAsync(n - 1)))(2).RunAsync());
    }

    [Fact(Timeout = 30_000)]
    public async Task A_product_has_the_last_input_vary_fastest_up_to_eight_of_them()
    {
        var three = Call.Join((string a, string b, string c) => a + b + c);
        Assert.Equal(["acd", "ace", "bcd", "bce"], await three(["a", "b"], "c", ["d", "e"]).RunAsync());
        var eight = Call.Join((int a, int b, int c, int d, int e, int f, int g, int h) => a + b + c + d + e + f + g + h);
        int[] sums = await eight([0, 128], [0, 64], [0, 32], [0, 16], [0, 8], [0, 4], [0, 2], [0, 1]).RunAsync();
        Assert.Equal(Enumerable.Range(0, 256), sums);
        var zip = Call.Zip((int a, int b, int c, int d, int e, int f, int g, int h) => a + b + c + d + e + f + g + h);
        Assert.Equal(Expect(8, 16), await zip([1, 2], [1, 2], [1, 2], [1, 2], [1, 2], [1, 2], [1, 2], [1, 2]).RunAsync());
    }

    [Fact(Timeout = 30_000)]
    public async Task What_is_used_twice_is_computed_once_a_run()
    {
        int calls = 0;
        var slow = Call.Apply((int x) => Interlocked.Increment(ref calls) + (x * 0));
        Deferred<int> shared = slow([1, 2, 3]);
        var add = Call.Join((int a, int b) => a + b);
        Assert.Equal(9, (await add(shared, shared).RunAsync()).Length);
        Assert.Equal(3, calls);
        await shared.RunAsync();
        Assert.Equal(6, calls);
    }

    [Fact(Timeout = 30_000)]
    public async Task All_values_can_be_one()
    {
        int[][] all = await Call.Gather(Square([1, 2, 3])).RunAsync();
        Assert.Equal(Expect(1, 4, 9), Assert.Single(all));
        Assert.Empty(Assert.Single(await Call.Gather(Square([])).RunAsync()));
        Assert.Equal(["1: 1,2", "2: 1,2"], await Call.Join((int x, int[] values) => $"{x}: {string.Join(",", values)}")([1, 2], Call.Gather<int>([1, 2])).RunAsync());
        await foreach (int[] values in Call.Gather(Square([1, 2]))) Assert.Equal(Expect(1, 4), values);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_source_is_listed_once_a_run_and_not_before()
    {
        int lists = 0;
        Deferred<int> source = Call.Source(() =>
        {
            lists++;
            return Enumerable.Range(0, 3);
        });
        Deferred<int> sums = Call.Join((int a, int b) => a + b)(source, source);
        Assert.Equal(0, lists);
        Assert.Equal(Expect(0, 1, 2, 1, 2, 3, 2, 3, 4), await sums.RunAsync());
        Assert.Equal(1, lists);
    }

    [Fact(Timeout = 30_000)]
    public async Task Pipes_are_sources_and_results_are_sources_of_pipes()
    {
        Pipe<int> doubled = Enumerable.Range(0, 10) | Stage.Map((int x) => x * 2);
        Deferred<int> squares = Square(Call.Source(doubled));
        Assert.Equal(Enumerable.Range(0, 10).Select(x => x * x * 4), await squares.RunAsync());
        Assert.Equal(Enumerable.Range(0, 10).Select(x => (x * x * 4) + 1), await (squares | Stage.Map((int x) => x + 1)).ToListAsync());
        Assert.Equal(Enumerable.Range(0, 10).Select(x => x * x * 4), await Source.From(squares).ToListAsync());
        List<int> blocking = [];
        await Task.Run(() =>
        {
            foreach (int each in squares) blocking.Add(each);
        });
        Assert.Equal(Enumerable.Range(0, 10).Select(x => x * x * 4), blocking);
    }

    [Fact(Timeout = 30_000)]
    public void Ranges_are_whole_numbers_with_a_start_and_an_end()
    {
        Assert.StartsWith("LEAT0091", Assert.Throws<ArgumentException>(() => (Deferred<string>)(1..4)).Message, StringComparison.Ordinal);
        Assert.StartsWith("LEAT0092", Assert.Throws<ArgumentException>(() => Square(1..^4)).Message, StringComparison.Ordinal);
        Assert.StartsWith("LEAT0090", Assert.Throws<ArgumentOutOfRangeException>(() => new CallOptions { Retries = -1 }).Message, StringComparison.Ordinal);
        Assert.StartsWith("LEAT0090", Assert.Throws<ArgumentOutOfRangeException>(() => new CallOptions { Timeout = TimeSpan.Zero }).Message, StringComparison.Ordinal);
        Assert.StartsWith("LEAT0110", Assert.Throws<ArgumentOutOfRangeException>(() => new Resources { Cores = 0 }).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => Call.Apply((Func<int, int>)null!));
        var minute = TimeSpan.FromMinutes(1);
        Assert.Null(new CallOptions().Limit);
        Assert.Equal(minute, new CallOptions { Timeout = minute }.Limit);
        Assert.Equal(minute, new CallOptions { Resources = new Resources { WallTime = minute } }.Limit);
        Assert.Equal(minute, new CallOptions { Timeout = minute, Resources = new Resources { WallTime = minute * 2 } }.Limit);
        Assert.Equal(minute, new CallOptions { Timeout = minute * 2, Resources = new Resources { WallTime = minute } }.Limit);
        Assert.StartsWith("LEAT0090", Assert.Throws<ArgumentOutOfRangeException>(() => new CallOptions { Timeout = TimeSpan.MaxValue }).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => Call.Source((IEnumerable<int>)null!));
        Assert.Throws<ArgumentNullException>(() => Square(null!));
        Assert.StartsWith("LEAT0097", Assert.Throws<ArgumentException>(() => Call.Apply(async (int _) => await Task.Yield())).Message, StringComparison.Ordinal);
        Assert.StartsWith("LEAT0098", Assert.Throws<ArgumentException>(() => Call.Apply((object _) => 1)(Square(1))).Message, StringComparison.Ordinal);
    }

    private static int[] Expect(params int[] values) => values;

    private static async ValueTask<int> LaterAsync(int x)
    {
        await Task.Yield();
        return x + 1;
    }

    private static async IAsyncEnumerable<int> Numbers(int n)
    {
        for (int i = 0; i < n; i++)
        {
            await Task.Yield();
            yield return i;
        }
    }
}
