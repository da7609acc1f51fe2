namespace Leat.Tests.Examples;

/// <summary>The seed's program with a cache, run again and again, each time as a new process.</summary>
public sealed class WordsTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact(Timeout = 600_000)]
    public async Task Only_what_is_new_is_called()
    {
        string[] first = await RunAsync();
        Assert.Equal(["without a cache: 1, 2, 2, 4, 3, 6", "with a cache:    1, 2, 2, 4, 3, 6", "Length: 3 ran", "Multiply: 6 ran"], first[..4]);
        Assert.Equal(["Length: 3 from the cache", "Multiply: 6 from the cache"], (await RunAsync())[2..]);

        // As long as "def": early cutoff.
        string[] changed = await RunAsync("a", "bc", "xyz");
        Assert.Equal(["with a cache:    1, 2, 2, 4, 3, 6", "Length: 1 ran, 2 from the cache", "Multiply: 6 from the cache"], changed[1..4]);
        Assert.StartsWith("  Length #2(\"xyz\"): ran: ", changed[4], StringComparison.Ordinal);

        string[] added = await RunAsync("a", "bc", "def", "leat");
        Assert.Equal(["with a cache:    1, 2, 2, 4, 3, 6, 4, 8", "Length: 1 ran, 3 from the cache", "Multiply: 2 ran, 6 from the cache"], added[1..4]);
    }

    [Fact(Timeout = 600_000)]
    public async Task A_change_of_code_runs_again_what_uses_it()
    {
        await RunChangedAsync(code => code);
        Assert.Equal(["Length: 3 from the cache", "Multiply: 6 from the cache"], (await RunChangedAsync(code => code))[2..]);

        // Other words for the same.
        string[] reformatted = await RunChangedAsync(code => code
            .Replace("static bool IsLetter(char each) => char.IsLetter(each);", "// A letter?\nstatic bool IsLetter(char letter) =>\n    char\n        .IsLetter( letter );", StringComparison.Ordinal)
            .Replace("using Leat;", "using Leat;\n\n\n", StringComparison.Ordinal));
        Assert.Equal(["Length: 3 from the cache", "Multiply: 6 from the cache"], reformatted[2..]);

        // Two levels below Length, with the same results.
        string[] changed = await RunChangedAsync(code => code.Replace("char.IsLetter(each);", "char.IsLetter(each) || each == '#';", StringComparison.Ordinal));
        Assert.Equal(["Length: 3 ran", "Multiply: 6 from the cache"], changed[2..4]);
        Assert.StartsWith("  Length #0(\"a\"): ran: the local function Length in the program's top level changed", changed[4], StringComparison.Ordinal);
    }

    private async Task<string[]> RunAsync(params string[] words) =>
        Lines(await ExampleProgram.RunAsync("words", directory.Path, ["--cache", directory["cache"], .. words]));

    private async Task<string[]> RunChangedAsync(Func<string, string> change) =>
        Lines(await ExampleProgram.RunChangedAsync("words", directory.Path, change, "--cache", directory["cache"]));

    private static string[] Lines(DotnetRun run)
    {
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        return run.Output.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
