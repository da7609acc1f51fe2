namespace Leat.Tests.Examples;

public sealed class TitlesTests
{
    [Fact]
    public async Task The_most_common_title_is_found()
    {
        using var directory = new TemporaryDirectory();
        DotnetRun run = await ExampleProgram.RunAsync("titles", directory.Path);
        Assert.Equal("", run.Errors);
        Assert.Equal("52 titles, most common is 'Millers & millstones': 11 times\n", run.Output.ReplaceLineEndings("\n"));
        Assert.Equal(0, run.ExitCode);
    }
}
