using System.Globalization;

namespace Leat.Tests.Pools;

/// <summary>What goes to workers and comes back: functions, items, exceptions, what is written to the console.</summary>
public sealed class TravelTests
{
    [Fact(Timeout = 60_000)]
    public async Task Bodies_of_every_form_run_with_what_they_captured()
    {
        await using Pool pool = Pool.Processes(2);
        int factor = 3;
        string[] names = ["a", "b"];
        Func<int, int> twice = x => x * 2 * factor;
        Stage<int, string> stage =
            (Stage.Map((int x) => twice(x)) | Stage.Filter<int>(x => x % 4 == 0)
                | Stage.FlatMap<int, string>(x => names.Select(name => string.Create(CultureInfo.InvariantCulture, $"{name}{x}")))
                | Stage.Map<string, string>(AddAsync) | Stage.Tap<string>(_ => { })).On(pool);

        List<string> results = await (Enumerable.Range(0, 4) | stage).ToListAsync();

        Assert.Equal(["a0!", "b0!", "a12!", "b12!"], results);
    }

    [Fact(Timeout = 60_000)]
    public async Task Each_worker_makes_its_state_once_and_disposes_it_at_the_end()
    {
        List<WorkerOutput> written = [];
        await using (Pool pool = Pool.Processes(2, new ProcessPoolOptions { Output = written.Add }))
        {
            Stage<int, (int Worker, int Turn)> stage = Stage.Map(() => new Counter(), (Counter counter, int _) => counter.Next()).On(pool);
            List<(int Worker, int Turn)> results = await (Enumerable.Range(0, 300) | stage).ToListAsync();
            Assert.All(results.GroupBy(each => each.Worker), each => Assert.Equal(Enumerable.Range(1, each.Count()), each.Select(one => one.Turn).Order()));
            Assert.Equal(results.Select(each => each.Worker).Distinct().Count(), written.Count(each => each.Text == "disposed\n"));
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task A_state_that_can_not_be_made_or_disposed_fails_the_run()
    {
        await using Pool pool = Pool.Processes(1);
        Stage<int, int> made = Stage.Map(() => Throw<Counter>("made"), (Counter _, int item) => item).On(pool);
        Stage<int, int> disposed = Stage.Map(() => new BadEnd(), (BadEnd _, int item) => item).On(pool);

        PipelineException first = await Assert.ThrowsAsync<PipelineException>(async () => await (new[] { 1 } | made).ToListAsync());
        PipelineException second = await Assert.ThrowsAsync<PipelineException>(async () => await (new[] { 1 } | disposed).ToListAsync());

        Assert.Equal(("made", -1L), (first.Failures[0].Exception.Message, first.Failures[0].Number));
        Assert.Equal("disposed", second.Failures[0].Exception.Message);
    }

    [Fact(Timeout = 60_000)]
    public async Task Exceptions_come_home_whole()
    {
        await using Pool pool = Pool.Processes(1);
        Stage<int, int> stage = Stage.Map<int, int>(Fail).With(onError: OnError.Carry).On(pool);

        Exception[] errors = [.. (await (Enumerable.Range(0, 5) | stage).Outcomes().ToListAsync()).Select(each => each.Failure!.Exception)];

        var custom = Assert.IsType<BadReadException>(errors[0]);
        Assert.Equal(("read 7 of a.fq is bad", 7, "a.fq"), (custom.Message, custom.Number, custom.File));
        Assert.Contains(nameof(Fail), custom.StackTrace, StringComparison.Ordinal);
        Assert.Equal("because", Assert.IsType<InvalidDataException>(custom.InnerException).Message);
        Assert.Equal("hint", custom.Data["hint"]);
        var several = Assert.IsType<AggregateException>(errors[1]);
        Assert.Equal(["disk", "bad (Parameter 'x')"], several.InnerExceptions.Select(each => each.Message));
        Assert.Equal("x", Assert.IsType<ArgumentException>(several.InnerExceptions[1]).ParamName);
        var clumsy = Assert.IsType<RemoteException>(errors[2]);
        Assert.Equal(typeof(ClumsyException).FullName, clumsy.TypeName);
        Assert.Contains("holds a stream", clumsy.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(Fail), clumsy.Text, StringComparison.Ordinal);
        Assert.Equal("no item", Assert.IsType<OperationCanceledException>(errors[3]).Message);
        Assert.IsType<RudeException>(errors[4]);
    }

    [Fact(Timeout = 60_000)]
    public async Task Exceptions_may_refer_to_themselves_nest_and_misbehave()
    {
        await using Pool pool = Pool.Processes(1);
        Stage<int, int> stage = Stage.Map<int, int>(FailOddly).With(onError: OnError.Carry).On(pool);

        Exception[] errors = [.. (await (Enumerable.Range(0, 4) | stage).Outcomes().ToListAsync()).Select(each => each.Failure!.Exception)];

        Assert.IsType<SelfishException>(errors[0]);
        int depth = 0;
        for (Exception? each = errors[1]; each is AggregateException; each = each.InnerException) depth++;
        Assert.Equal(30, depth);
        Assert.IsType<RudeException>(errors[2]);
        Assert.NotNull(errors[3]);
        Assert.Equal(0, pool.Stats().Lost);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_bodies_write_to_the_console_comes_home_in_order()
    {
        List<WorkerOutput> written = [];
        await using (Pool pool = Pool.Processes(1, new ProcessPoolOptions { Output = written.Add }))
        {
            Stage<int, int> stage = Stage.Map((int item) =>
            {
                Console.Write("item ");
                Console.WriteLine(item);
                Console.Error.WriteLine($"error {item}");
                return item;
            }).Named("Talk").On(pool).With(workers: 1);
            await (Enumerable.Range(0, 50) | stage).CountAsync();
        }

        Assert.Equal(string.Concat(Enumerable.Range(0, 50).Select(i => $"item {i}\nerror {i}\n")), string.Concat(written.Select(each => each.Text)));
        Assert.All(written, each => Assert.Equal(("Talk", each.Text.StartsWith("error", StringComparison.Ordinal)), (each.Stage, each.IsError)));
    }

    [Fact(Timeout = 60_000)]
    public async Task Items_and_results_of_every_size_arrive()
    {
        await using Pool pool = Pool.Processes(2);
        int[] sizes = [0, 1, 60_000, 64 * 1024, 70_000, 300_000, 5_000_000, 20_000_000];
        var random = new Random(5);
        byte[][] items = [.. sizes.Select(size => new byte[size])];
        foreach (byte[] item in items) random.NextBytes(item);

        List<byte[]> results = await (items | Stage.Map<byte[], byte[]>(Reversed).On(pool)).ToListAsync();

        Assert.True(items.Select(Reversed).Zip(results).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second)));
    }

    [Fact(Timeout = 60_000)]
    public async Task An_item_or_a_result_that_can_not_travel_fails_alone()
    {
        await using Pool pool = Pool.Processes(1);
        object[] items = [1, new MemoryStream(), "three", 4];
        Stage<object, object> stage = Stage.Map<object, object>(item => item is 4 ? new MemoryStream() : item).With(onError: OnError.Carry).On(pool);

        List<Outcome<object>> outcomes = await (items | stage).Outcomes().ToListAsync();

        Assert.Equal([true, false, true, false], outcomes.Select(each => each.IsSuccess));
        Assert.All(outcomes.Where(each => !each.IsSuccess), each => Assert.IsType<Leat.Encoding.EncodingException>(each.Failure!.Exception));
        Assert.Equal([1, "three"], outcomes.Where(each => each.IsSuccess).Select(each => each.Value));
    }

    [Fact]
    public void A_function_that_can_not_travel_is_refused_where_it_is_put_on_the_pool()
    {
        using var client = new HttpClient();
        int count = 0;
        Pool pool = Pool.Processes(1);

        LeatException captured = Assert.Throws<LeatException>(() => Stage.Map((string url) => client.BaseAddress + url).On(pool));
        LeatException itself = Assert.Throws<LeatException>(() => Stage.Map((int item) => pool.Size + item).On(pool));
        LeatException written = Assert.Throws<LeatException>(() => Stage.Map((int item) => item + count++).On(pool));
        Assert.ThrowsAny<LeatException>(() => Stage.Map((Stream item) => item.Length).On(pool));
        InvalidOperationException whole = Assert.Throws<InvalidOperationException>(() => Stage.Take<int>(3).On(pool));

        Assert.Contains("'client' (HttpClient) in the lambda at TravelTests.cs:", captured.Message, StringComparison.Ordinal);
        Assert.Contains("'pool' (Pool)", itself.Message, StringComparison.Ordinal);
        Assert.Contains("'count'", written.Message, StringComparison.Ordinal);
        Assert.Contains("LEAT0040", whole.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Statics_of_the_program_are_not_those_of_its_workers()
    {
        await using Pool pool = Pool.Processes(1);
        Shared.Number = 5;

        Assert.Equal([1, 2], await (new[] { 0, 0 } | Stage.Map((int _) => ++Shared.Number).On(pool)).ToListAsync());
        Assert.Equal(5, Shared.Number);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_program_without_startup_hooks_is_told_what_to_do()
    {
        await using Pool pool = Pool.Processes(1);

        // In a worker, because the switch is one of the whole process.
        string? message = await (new[] { 0 } | Stage.Map((int _) =>
        {
            AppContext.SetSwitch("System.StartupHookProvider.IsSupported", isEnabled: false);
            return Assert.Throws<LeatException>(() => Pool.Processes(1)).Message;
        }).On(pool)).ExecuteAsync();

        Assert.StartsWith("LEAT0061: This program can't be started as a worker process: startup hooks are switched off in it", message, StringComparison.Ordinal);
    }

    private static async Task<string> AddAsync(string text, CancellationToken cancellationToken)
    {
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        return $"{text}!";
    }

    private static byte[] Reversed(byte[] item)
    {
        byte[] reversed = [.. item];
        Array.Reverse(reversed);
        return reversed;
    }

    private static int Fail(int item) => item switch
    {
        0 => throw new BadReadException(7, "a.fq", new InvalidDataException("because")) { Data = { ["hint"] = "hint" } },
        1 => throw new AggregateException("several", new IOException("disk"), new ArgumentException("bad", "x")),
        2 => throw new ClumsyException(new MemoryStream()),
        3 => throw new OperationCanceledException("no item"),
        _ => throw new RudeException(),
    };

    private static int FailOddly(int item)
    {
        Exception error = item == 3 ? new InvalidOperationException("deep") : new IOException("inmost");
        for (int i = 0; i < (item == 3 ? 300 : 30); i++) error = item == 3 ? new InvalidOperationException("deep", error) : new AggregateException(error);
        throw item switch
        {
            0 => new SelfishException(),
            2 => new RudeException(),
            _ => error,
        };
    }

    private static T Throw<T>(string message) => throw new InvalidOperationException(message);

    private static class Shared
    {
        public static int Number { get; set; }
    }

    private sealed class Counter : IDisposable
    {
        private int turn;

        public (int Worker, int Turn) Next() => (Environment.ProcessId, ++turn);

        public void Dispose() => Console.WriteLine("disposed");
    }

    private sealed class BadEnd : IDisposable
    {
        public void Dispose() => throw new InvalidOperationException("disposed");
    }

    private sealed class BadReadException(int number, string file, Exception cause) : Exception($"read {number} of {file} is bad", cause)
    {
        public int Number => number;

        public string File => file;
    }

    private sealed class ClumsyException(Stream stream) : Exception("holds a stream")
    {
        public Stream Stream => stream;
    }

    private sealed class SelfishException : Exception
    {
        private readonly Exception self;

        public SelfishException() => self = this;

        public override string Message => $"{self.GetType().Name} itself";
    }

    private sealed class RudeException : Exception
    {
        public override string Message => throw new NotSupportedException();

        public override string StackTrace => throw new NotSupportedException();

        public override System.Collections.IDictionary Data => throw new NotSupportedException();
    }
}
