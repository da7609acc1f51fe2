using System.Text;
using Leat.Streams;

namespace Leat.Tests.Streams.Sources;

/// <summary>The enumeration behind a followed file, on a clock that the test moves.</summary>
public sealed class FollowedLinesTests : IDisposable
{
    private readonly TemporaryDirectory folder = new();

    public void Dispose() => folder.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task It_looks_every_tenth_of_a_second()
    {
        var clock = new ManualClock();
        string path = folder.Write("app.log", "");
        await using IAsyncEnumerator<string> lines = new FollowedLines(path, System.Text.Encoding.UTF8, clock).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        ValueTask<bool> next = lines.MoveNextAsync();
        Assert.False(next.IsCompleted);
        await File.AppendAllTextAsync(path, "a\n", TestContext.Current.CancellationToken);
        clock.Advance(TimeSpan.FromMilliseconds(99));
        Assert.False(next.IsCompleted);
        clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(await next);
        Assert.Equal("a", lines.Current);
    }

    [Fact(Timeout = 60_000)]
    public async Task When_it_is_cancelled_it_ends_and_does_not_throw()
    {
        string path = folder.Write("app.log", "a\n");
        using var stop = new CancellationTokenSource();
        await using IAsyncEnumerator<string> lines = new FollowedLines(path, System.Text.Encoding.UTF8, new ManualClock()).GetAsyncEnumerator(stop.Token);
        Assert.True(await lines.MoveNextAsync());
        ValueTask<bool> next = lines.MoveNextAsync();
        await File.AppendAllTextAsync(path, "b\npart", TestContext.Current.CancellationToken);
        await stop.CancelAsync();
        Assert.False(await next);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_strict_encoding_is_obeyed()
    {
        string path = folder["latin.log"];
        await File.WriteAllBytesAsync(path, [(byte)'M', 0xFC, (byte)'\n'], TestContext.Current.CancellationToken);
        var strict = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
        await using IAsyncEnumerator<string> lines = new FollowedLines(path, strict, new ManualClock()).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        LeatException error = await Assert.ThrowsAsync<LeatException>(async () => await lines.MoveNextAsync());
        Assert.Equal("LEAT0027", error.Code);
    }
}
