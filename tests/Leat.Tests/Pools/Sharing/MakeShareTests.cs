using System.Diagnostics;
using System.Globalization;
using Leat.Pools;
using Leat.Tests.Streams.Ends;

namespace Leat.Tests.Pools.Sharing;

/// <summary>A run that was started by a <c>make</c>.</summary>
[Collection(AloneCollection.Name)]
public sealed class MakeShareTests : IDisposable
{
    private const string LogVariable = "LEAT_TEST_MAKE_LOG";

    private const string CoresVariable = "LEAT_TEST_MAKE_CORES";

    private readonly TemporaryDirectory folder = new();
    private readonly List<string> told = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(null, null)]
    [InlineData("", null)]
    [InlineData("rR -j", null)]
    [InlineData(" -j8 --jobserver-auth=3,4", "pipe 3 4 of 8")]
    [InlineData("kw -j3 --jobserver-auth=5,6 -- X=1 --jobserver-auth=7,8", "pipe 5 6 of 3")]
    [InlineData(" --jobserver-fds=3,4 -j", "pipe 3 4 of ?")]
    [InlineData(" -j3 --jobserver-auth=-2,-2", null)]
    [InlineData(" -j3 --jobserver-auth=3", null)]
    [InlineData(" -j3 --jobserver-auth=fifo:/tmp/GMfifo12", "fifo /tmp/GMfifo12 of 3")]
    [InlineData(" -j3 --jobserver-auth=3,4 --jobserver-auth=fifo:/x", "fifo /x of 3")]
    public void What_make_says_is_understood(string? flags, string? expected)
    {
        string? found = MakeFlags.Find(flags) is not { } server ? null
            : (server.Path is null ? string.Create(CultureInfo.InvariantCulture, $"pipe {server.Input} {server.Output}") : $"fifo {server.Path}")
            + string.Create(CultureInfo.InvariantCulture, $" of {server.Jobs?.ToString(CultureInfo.InvariantCulture) ?? "?"}");
        Assert.Equal(expected, found);
    }

    [Fact(Timeout = 60_000)]
    public async Task One_core_is_its_own_and_each_further_one_a_token()
    {
        using SafePipe pipe = MakePipe("ab");
        CoreShare share = Open(4);
        CoreLease one = await share.TakeAsync(1, 0, Token);
        Assert.Equal("ab", pipe.Content());
        CoreLease two = await share.TakeAsync(1, 0, Token);
        Assert.Equal("b", pipe.Content());
        Task<CoreLease> much = share.TakeAsync(Cores.All, 0, Token).AsTask();
        Assert.Equal("4 cores, of those that make has for its jobs", share.Waiting);
        Assert.False(much.IsCompleted);
        one.Dispose();
        two.Dispose();
        pipe.Add("c");
        CoreLease four = await much;
        Assert.Equal(4, four.Cores);
        Assert.Equal("", pipe.Content());
        Assert.Null(share.Waiting);
        four.Dispose();
        four.Dispose();
        Assert.Equal("abc", pipe.Content());
        (await share.TakeAsync(3, 0, Token)).Dispose();
        using CoreLease rest = await share.TakeAsync(2, 0, Token);
        await share.DisposeAsync();
        Assert.Equal("abc", pipe.Content());
        Assert.Empty(told);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_is_not_enough_goes_back_and_who_gives_up_leaves_nothing()
    {
        using SafePipe pipe = MakePipe("ab");
        await using CoreShare share = Open(8);
        using var impatience = new CancellationTokenSource();
        Task<CoreLease> much = share.TakeAsync(4, 0, impatience.Token).AsTask();
        long start = Stopwatch.GetTimestamp();
        while (pipe.Content() != "ab") Assert.True(Stopwatch.GetElapsedTime(start).TotalSeconds < 20, "they are kept");
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => much);
        start = Stopwatch.GetTimestamp();
        while (pipe.Content() != "ab") Assert.True(Stopwatch.GetElapsedTime(start).TotalSeconds < 20, "they are kept");
    }

    [Fact(Timeout = 120_000)]
    public async Task Tokens_that_never_come_are_not_waited_for_without_end()
    {
        using SafePipe pipe = MakePipe("a");
        await using CoreShare share = Open(4);
        for (int i = 0; i < 2; i++)
        {
            using CoreLease lease = await share.TakeAsync(4, 0, Token);
            Assert.InRange(lease.Cores, 1, 2);
        }

        Assert.StartsWith("Make lets a piece of work have ", Assert.Single(told), StringComparison.Ordinal);
        Assert.Equal("a", pipe.Content());
    }

    [Fact(Timeout = 120_000)]
    public async Task Two_that_need_all_tokens_both_get_them()
    {
        using SafePipe pipe = MakePipe("abc");
        for (int round = 0; round < Repeat.Times(3); round++)
        {
            CoreShare[] shares = [Open(4), Open(4)];
            int inside = 0;
            await Task.WhenAll(shares.Select(share => Task.Run(async () =>
            {
                for (int i = 0; i < 20; i++)
                {
                    using CoreLease lease = await share.TakeAsync(4, 0, Token);
                    Assert.Equal(1, Interlocked.Increment(ref inside));
                    Interlocked.Decrement(ref inside);
                }
            })));
            foreach (CoreShare share in shares) await share.DisposeAsync();
            Assert.Equal("abc", pipe.Content());
        }
    }

    // Each run that make has started keeps one of its three jobs.
    [Theory(Timeout = 600_000)]
    [InlineData(1, 3)]
    [InlineData(2, 2)]
    [InlineData(3, 1)]
    public async Task Under_make_no_more_cores_are_held_than_it_has_jobs(int runs, int cores)
    {
        for (int round = 0; round < Repeat.Times(1); round++)
        {
            string log = folder[$"log{round}"];
            (int code, string text) = await MakeAsync(log, "+", jobs: 3, runs, cores);
            Assert.Equal(0, code);

            // What make says at its end of tokens that are missing, or too many.
            Assert.DoesNotContain("jobserver", text, StringComparison.Ordinal);
            Holding[] holdings = HeldUnder(log);
            Assert.Equal(runs * 30, holdings.Length);
            Assert.InRange(Holding.Most(holdings).Cores, 1, 3);
            Assert.Equal(runs * (cores == 1 ? 30 : 10), holdings.Count(each => each.Cores == cores));
            Assert.False(File.Exists($"{log}.told"));
        }
    }

    [Fact(Timeout = 300_000)]
    public async Task A_command_that_make_does_not_take_for_a_make_goes_on_without_it()
    {
        string log = folder["log"];
        (int code, string text) = await MakeAsync(log, "", jobs: 3, runs: 1, cores: 1);
        Assert.Equal(0, code);
        Assert.Equal(30, HeldUnder(log).Length);
        Assert.Single(File.ReadLines($"{log}.told"));
        Assert.StartsWith("MAKEFLAGS names a job server that can't be used, because ", await File.ReadAllTextAsync($"{log}.told", Token), StringComparison.Ordinal);
        Assert.DoesNotContain("tokens", text, StringComparison.Ordinal);
    }

    /// <summary>What make runs: no test, but a program that takes part.</summary>
    [Fact(Explicit = true)]
    public async Task Work()
    {
        string log = Environment.GetEnvironmentVariable(LogVariable)!;
        int cores = int.Parse(Environment.GetEnvironmentVariable(CoresVariable)!, CultureInfo.InvariantCulture);
        var random = new Random(Environment.ProcessId);
        List<Holding> holdings = [];
        var options = new CoreShareOptions { MachineCores = 8, Directory = Path.GetDirectoryName(log), Tell = told.Add };
        await using (CoreShare share = CoreShare.Open(options))
        {
            await Task.WhenAll(Enumerable.Range(0, 3).Select(async part =>
            {
                for (int i = 0; i < 10; i++)
                {
                    using CoreLease lease = await share.TakeAsync(i % 3 == part ? cores : 1, 0, Token);
                    long start = Holding.Now;
                    await Task.Delay(random.Next(5));
                    lock (holdings) holdings.Add(new Holding(start, Holding.Now, lease.Cores, 0));
                }
            }));
        }

        // A file for each process: .NET appends at the end that a file had when it was opened.
        await File.WriteAllLinesAsync(string.Create(CultureInfo.InvariantCulture, $"{log}.{Environment.ProcessId}.held"), holdings.Select(each => each.ToString()));
        if (told.Count > 0) await File.WriteAllLinesAsync($"{log}.told", told);
    }

    private CoreShare Open(int cores)
    {
        CoreShare share = CoreShare.Open(new CoreShareOptions { MachineCores = cores, MakeFlags = $" -j{cores} --jobserver-auth=fifo:{folder["fifo"]}", Directory = folder.Path, Tell = told.Add });
        Assert.IsType<MakeShare>(share);
        return share;
    }

    private static Holding[] HeldUnder(string log) =>
        [.. Directory.GetFiles(Path.GetDirectoryName(log)!, $"{Path.GetFileName(log)}.*.held").SelectMany(File.ReadLines).Select(Holding.Parse)];

    private SafePipe MakePipe(string tokens)
    {
        using (var made = Process.Start(Require.Tool("mkfifo"), [folder["fifo"]])) made.WaitForExit();
        var pipe = new SafePipe(folder["fifo"]);
        pipe.Add(tokens);
        return pipe;
    }

    private async Task<(int Code, string Text)> MakeAsync(string log, string prefix, int jobs, int runs, int cores)
    {
        string all = string.Join(' ', Enumerable.Range(0, runs).Select(run => string.Create(CultureInfo.InvariantCulture, $"run{run}")));
        string program = Path.Combine(AppContext.BaseDirectory, "Leat.Tests");
        string makefile = folder.Write("Makefile", $"all: {all}\n{all}:\n\t{prefix}@\"{program}\" -method Leat.Tests.Pools.Sharing.MakeShareTests.Work -explicit only -noColor\n");
        var start = new ProcessStartInfo(Require.Tool("make"), ["-f", makefile, string.Create(CultureInfo.InvariantCulture, $"-j{jobs}")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment[LogVariable] = log;
        start.Environment[CoresVariable] = cores.ToString(CultureInfo.InvariantCulture);
        start.Environment.Remove("MAKEFLAGS");
        start.Environment["DOTNET_ROOT"] = Path.GetDirectoryName(Dotnet.Host());
        using var make = new Process { StartInfo = start };
        make.Start();
        Task<string> text = make.StandardOutput.ReadToEndAsync(Token), errors = make.StandardError.ReadToEndAsync(Token);
        await make.WaitForExitAsync(Token);
        return (make.ExitCode, await text + await errors);
    }

    // The pipe of a job server, as the make that has made it sees it.
    private sealed class SafePipe(string path) : IDisposable
    {
        private readonly MakeTokens tokens = MakeTokens.TryOpen(new MakeFlags(path, -1, -1, null), out _)!;

        public void Add(string some)
        {
            foreach (char each in some) tokens.Give((byte)each);
        }

        public string Content()
        {
            List<char> all = [];
            while (tokens.TryTake(out byte token)) all.Add((char)token);
            Add(string.Concat(all));
            return string.Concat(all.Order());
        }

        public void Dispose() => tokens.Dispose();
    }
}
