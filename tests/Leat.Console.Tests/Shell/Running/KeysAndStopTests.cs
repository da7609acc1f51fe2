namespace Leat.Shell.Tests;

public sealed class KeysAndStopTests
{
    private static ConsoleKeyInfo Key(char letter) => letter switch
    {
        '\n' => new('\r', ConsoleKey.Enter, shift: false, alt: false, control: false),
        '\b' => new('\b', ConsoleKey.Backspace, shift: false, alt: false, control: false),
        _ => new(letter, ConsoleKey.None, shift: false, alt: false, control: false),
    };

    [Theory]
    [InlineData("\n", "ShowRunning")]
    [InlineData("x1 ", "")]
    [InlineData("k1\n", "ShowRunning Kill 1")]
    [InlineData("K12\n", "ShowRunning Kill 12")]
    [InlineData("k12\b\n", "ShowRunning Kill 1")]
    [InlineData("k\n", "ShowRunning")]
    [InlineData("k1x1\n", "ShowRunning ShowRunning")]
    [InlineData("k1\n\n", "ShowRunning Kill 1 ShowRunning")]
    [InlineData("k9999999\n", "ShowRunning ShowRunning")]
    public void Keys_ask_for_things(string typed, string asked)
    {
        var keys = new RunKeys();
        KeyRequest[] requests = [.. typed.Select(letter => keys.Press(Key(letter))).Where(request => request.Kind != KeyRequestKind.Nothing)];
        Assert.Equal(asked, string.Join(' ', requests.Select(request => request.Kind == KeyRequestKind.Kill ? $"Kill {request.Number}" : request.Kind.ToString())));
    }

    [Fact]
    public void What_is_typed_is_shown()
    {
        var keys = new RunKeys();
        Assert.Null(keys.Prompt);
        keys.Press(Key('k'));
        keys.Press(Key('4'));
        Assert.Equal("End the job of which number? 4", keys.Prompt);
        keys.Press(Key('\n'));
        Assert.Null(keys.Prompt);
    }

    [Fact]
    public void The_first_interruption_stops_the_second_cancels_and_the_third_is_let_through()
    {
        var run = new FakeRun();
        var stops = new StopSequence(run);
        Assert.False(stops.IsStopped);
        Assert.Equal([true, true, false], [stops.Interrupt(), stops.Interrupt(), stops.Interrupt()]);
        Assert.True(stops.IsStopped);
        Assert.Equal(["stop", "cancel"], run.Told);
        Assert.True(stops.TryTakeNews(out string? first));
        Assert.Equal("Stopping: nothing more is started, 2 jobs still run. Ctrl-C again ends them at once.", first);
        Assert.True(stops.TryTakeNews(out string? second));
        Assert.Equal("Cancelling: what runs is ended.", second);
        Assert.False(stops.TryTakeNews(out _));
    }

    [Fact]
    public void A_termination_is_two_interruptions()
    {
        var run = new FakeRun { Running = [] };
        var stops = new StopSequence(run);
        Assert.Equal([true, false, false], [stops.Terminate(), stops.Interrupt(), stops.Terminate()]);
        Assert.Equal(["cancel"], run.Told);
    }

    [Fact]
    public void A_termination_ends_what_an_interruption_has_left_running()
    {
        var run = new FakeRun();
        var stops = new StopSequence(run);
        Assert.True(stops.Interrupt());
        Assert.True(stops.Terminate());
        Assert.Equal(["stop", "cancel"], run.Told);
    }
}
