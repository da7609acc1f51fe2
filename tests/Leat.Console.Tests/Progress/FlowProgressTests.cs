using System.Threading.Channels;

namespace Leat.Progress.Tests;

public sealed class FlowProgressTests : IDisposable
{
    private readonly ManualClock clock = new();
    private readonly StringWriter output = new();
    private readonly Channel<int> input = Channel.CreateUnbounded<int>();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string[] Lines => output.ToString().ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');

    private ProgressOptions AsLines => new() { Output = output, Live = false, Clock = clock };

    private ProgressOptions AsTable => AsLines with { Live = true };

    private Flow Start(Func<int, int>? body = null) => Flow.Start(
        input.Reader | Stage.Map(body ?? (number => number + 1)).Named("Add"), new FlowOptions { Clock = clock }, Token);

    public void Dispose() => output.Dispose();

    [Fact]
    public async Task A_line_is_written_every_second_and_a_last_one_at_the_end()
    {
        await using Flow flow = Start();
        Task shown = flow.ShowProgressAsync(AsLines);
        await TickAsync(TimeSpan.FromSeconds(1));
        await TickAsync(TimeSpan.FromSeconds(1));
        await input.Writer.WriteAsync(1, Token);
        input.Writer.Complete();
        await shown;
        Assert.Equal(["1.0 s running: Source 0, Add 0, None 0", "2.0 s running: Source 0, Add 0, None 0", "2.0 s completed: Source 1, Add 1, None 1"], Lines);
    }

    [Fact]
    public async Task A_flow_that_has_ended_already_is_shown_once()
    {
        input.Writer.Complete();
        await using Flow flow = Start();
        await flow.Completion;
        await flow.ShowProgressAsync(AsLines);
        Assert.Equal(["0.0 s completed: Source 0, Add 0, None 0"], Lines);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_failure_is_shown_and_then_thrown(bool live)
    {
        await using Flow flow = Start(_ => throw new InvalidDataException("seven"));
        await input.Writer.WriteAsync(7, Token);
        var error = await Assert.ThrowsAsync<PipelineException>(() => flow.ShowProgressAsync(live ? AsTable : AsLines));
        Assert.IsType<InvalidDataException>(error.Failures[0].Exception);
        Assert.Contains("failed", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_flow_is_shown_and_cancels()
    {
        await using Flow flow = Start();
        Task shown = flow.ShowProgressAsync(AsLines);
        await flow.StopAsync(drain: false);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => shown);
        Assert.Equal(["0.0 s cancelled: Source 0, Add 0, None 0"], Lines);
    }

    [Fact]
    public async Task A_table_is_redrawn_in_place_and_stays_with_the_cursor_shown_again()
    {
        await using Flow flow = Start();
        Task shown = flow.ShowProgressAsync(AsTable);
        await TickAsync(TimeSpan.FromMilliseconds(200));
        await TickAsync(TimeSpan.FromMilliseconds(200));
        Assert.Contains("running, 0.2 s", output.ToString(), StringComparison.Ordinal);
        input.Writer.Complete();
        await shown;
        string text = output.ToString();
        Assert.Equal(3, text.Split("\r\e[4A").Length - 1); // from its last line to its first: a second tick, the end, and its release
        Assert.Contains("completed, 0.4 s", text, StringComparison.Ordinal);
        Assert.EndsWith("\e[?25h", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_terminal_gets_lines()
    {
        input.Writer.Complete();
        await using Flow flow = Start();
        await flow.ShowProgressAsync(new ProgressOptions { Output = output, Clock = clock });
        Assert.Equal(["0.0 s completed: Source 0, Add 0, None 0"], Lines);
    }

    [Fact]
    public async Task A_closed_console_ends_the_display_and_not_the_flow()
    {
        await using Flow flow = Start();
        Task shown = flow.ShowProgressAsync(AsLines with { Output = new ClosedWriter() });
        await clock.TimersArmedAsync(1, Token);
        clock.Advance(TimeSpan.FromSeconds(1));
        await input.Writer.WriteAsync(1, Token);
        input.Writer.Complete();
        await shown;
        Assert.Equal(1, flow.Stats["Add"].Out);
    }

    [Fact]
    public void An_interval_is_more_than_zero() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ProgressOptions { Interval = TimeSpan.Zero });

    // One timer is armed while the display waits: when it is again, what the last one was for is on the console.
    private async Task TickAsync(TimeSpan time)
    {
        await clock.TimersArmedAsync(1, Token);
        clock.Advance(time);
        await clock.TimersArmedAsync(1, Token);
    }

    private sealed class ClosedWriter : TextWriter
    {
        public override System.Text.Encoding Encoding => System.Text.Encoding.UTF8;

        public override void Write(char value) => throw new IOException("The pipe is closed.");

        public override Task WriteLineAsync(string? value) => throw new IOException("The pipe is closed.");
    }
}
