using Leat.Jobs;

namespace Leat.Tests.Jobs.Transfer;

/// <summary>Which parts of a program's arguments are paths of files that were sent.</summary>
public sealed class ArgumentPathsTests
{
    [Theory]
    [InlineData("/x/a", "[/x/a]")]
    [InlineData("--in=/x/a", "--in=[/x/a]")]
    [InlineData("-o/x/a", "-o[/x/a]")]
    [InlineData("/x/a:/x/b", "[/x/a]:[/x/b]")]
    [InlineData("/x/a,/x/a.txt", "[/x/a],[/x/a.txt]")]
    [InlineData("sort '/x/a' >/x/b;cat \"/x/a\"", "sort '[/x/a]' >[/x/b];cat \"[/x/a]\"")]
    [InlineData("file:///x/a", "file://[/x/a]")]
    [InlineData("/x/with space", "[/x/with space]")]
    [InlineData("/x/dir", "[/x/dir]")]
    [InlineData("/x/dir/one", "[/x/dir]/one")]
    // What a program makes beside a file.
    [InlineData("/x/b.tmp", "[/x/b].tmp")]
    public void Paths_are_found(string argument, string expected) => Assert.Equal(expected, Map(argument));

    [Theory]
    [InlineData("/x/ab")]
    [InlineData("/x/a-b")]
    [InlineData("/x/data.txt")]
    [InlineData("/y/x/a")]
    [InlineData("y/x/a")]
    [InlineData("-oy/x/a")]
    [InlineData("a.txt")]
    [InlineData("/x/directory/one")]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/x/")]
    public void Other_paths_stay_as_they_are(string argument) => Assert.Equal(argument, Map(argument));

    [Fact]
    public void Many_paths_in_one_argument_take_no_time()
    {
        string[] paths = [.. Enumerable.Range(0, 10_000).Select(i => $"/some/folder/with a name/{i}.txt")];

        string mapped = new ArgumentPaths(paths).Map(string.Join(' ', paths), path => $"[{path}]");

        Assert.Equal(string.Join(' ', paths.Select(path => $"[{path}]")), mapped);
    }

    private static string Map(string argument) => new ArgumentPaths(["/x/a", "/x/b", "/x/a.txt", "/x/with space", "/x/dir"]).Map(argument, path => $"[{path}]");
}
