namespace Leat.Tests.Streams.Sources;

public sealed class FilesTests : IDisposable
{
    private readonly TemporaryDirectory folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public FilesTests()
    {
        foreach (string name in new[]
        {
            "a.txt", "b.txt", "b.md", "B2.txt", "x[1].txt", ".hidden.txt", "s1/a.txt", "s1/b.md", "s1/deep/er/a.txt", "s2/a.txt", "s2/deep/c.txt", ".git/a.txt",
        })
        {
            folder.Write(name, "");
        }
    }

    public void Dispose() => folder.Dispose();

    [Theory(Timeout = 60_000)]
    [InlineData("*.txt", "B2.txt a.txt b.txt x[1].txt")]
    [InlineData("?.txt", "a.txt b.txt")]
    [InlineData("a.txt", "a.txt")]
    [InlineData("nothing.txt", "")]
    [InlineData("*", "B2.txt a.txt b.md b.txt x[1].txt")]
    [InlineData("[ab].*", "a.txt b.md b.txt")]
    [InlineData("[!a]*.txt", "B2.txt b.txt x[1].txt")]
    [InlineData("[^a-z]*.txt", "B2.txt")]
    [InlineData("x[[]1[]].txt", "x[1].txt")]
    [InlineData("[{}]*.txt", "")]
    [InlineData("[{a,b}].txt", "a.txt b.txt")]
    [InlineData("b.{txt,md}", "b.md b.txt")]
    [InlineData("{a,b}.{txt,{md,rst}}", "a.txt b.md b.txt")]
    [InlineData("{s1/a,b}.*", "b.md b.txt s1/a.txt")]
    [InlineData("b{,2}.txt", "b.txt")]
    [InlineData("*/a.txt", "s1/a.txt s2/a.txt")]
    [InlineData("**/a.txt", "a.txt s1/a.txt s1/deep/er/a.txt s2/a.txt")]
    [InlineData("**/**/a.txt", "a.txt s1/a.txt s1/deep/er/a.txt s2/a.txt")]
    [InlineData("s*/**/*.txt", "s1/a.txt s1/deep/er/a.txt s2/a.txt s2/deep/c.txt")]
    [InlineData("s2/**/*", "s2/a.txt s2/deep/c.txt")]
    [InlineData("**/deep/**/a*", "s1/deep/er/a.txt")]
    [InlineData("**/deep/*", "s2/deep/c.txt")]
    [InlineData("s1/../s2/*.txt", "s1/../s2/a.txt")]
    [InlineData(".*", ".hidden.txt")]
    [InlineData(".git/*", ".git/a.txt")]
    [InlineData(".*/*", ".git/a.txt")]
    [InlineData("*a*.t*t*", "a.txt")]
    public async Task Patterns_are_those_of_a_shell(string pattern, string expected)
    {
        List<string> found = await Source.Files(folder[pattern]).ToListAsync(Token);
        string start = folder.Path + Path.DirectorySeparatorChar;
        Assert.All(found, path => Assert.StartsWith(start, path, StringComparison.Ordinal));
        Assert.Equal(expected, string.Join(' ', found.Select(path => path[start.Length..].Replace('\\', '/'))));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_relative_pattern_gives_relative_paths()
    {
        string relative = Path.GetRelativePath(Directory.GetCurrentDirectory(), folder.Path);
        Assert.Equal(
            [Path.Combine(relative, "s1", "a.txt"), Path.Combine(relative, "s2", "a.txt")],
            await Source.Files(Path.Combine(relative, "*", "a.txt")).ToListAsync(Token));
    }

    [Fact(Timeout = 60_000)]
    public async Task Links_to_folders_are_not_followed_by_two_stars_and_so_never_in_circles()
    {
        Directory.CreateSymbolicLink(folder["s1/loop"], folder.Path);
        File.CreateSymbolicLink(folder["s1/link.txt"], folder["a.txt"]);
        Assert.Equal(
            [folder["s1/a.txt"], folder["s1/deep/er/a.txt"], folder["s1/link.txt"]],
            await Source.Files(folder["s1/**/*.txt"]).ToListAsync(Token));
        Assert.Equal([folder["s1/loop/a.txt"]], await Source.Files(folder["s1/*/a.txt"]).ToListAsync(Token));
    }

    [Fact(Timeout = 60_000)]
    public async Task Each_run_looks_anew()
    {
        Pipe<string> files = Source.Files(folder["new/*"]);
        (_, LeatException error) = await Failing.RunAsync<string, LeatException>(files);
        Assert.Equal("LEAT0020", error.Code);
        Assert.Contains(folder["new"], error.Message, StringComparison.Ordinal);
        folder.Write("new/a", "");
        Assert.Equal([folder["new/a"]], await files.ToListAsync(Token));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/")]
    [InlineData("/")]
    [InlineData("[a")]
    [InlineData("[]")]
    [InlineData("[!]")]
    [InlineData("a[b/c]d")]
    [InlineData("{a,b")]
    [InlineData("a}b")]
    [InlineData("a}b{c,d}")]
    [InlineData("a**")]
    [InlineData("a/**")]
    [InlineData("a\0b")]
    public void A_malformed_pattern_is_told_at_the_declaration(string pattern)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => Source.Files(pattern));
        if (pattern.Length > 0) Assert.StartsWith("LEAT0019", error.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_folder_that_is_given_apart_has_no_wildcards()
    {
        folder.Write("run[3]/{x}/a.fq", "");
        string strange = folder["run[3]"];
        Assert.Equal([Path.Combine(strange, "{x}", "a.fq")], await Source.Files(strange, "*/*.fq").ToListAsync(Token));
        Assert.Equal([Path.Combine(strange, "{x}", "a.fq")], await Source.Files(strange, "[{]x[}]/a.fq").ToListAsync(Token));
        Assert.Contains("LEAT0019", Assert.Throws<ArgumentException>(() => Source.Files(strange, "/etc/*")).Message, StringComparison.Ordinal);
    }
}
