using Xunit.Sdk;

namespace Leat.Tests.Kit;

public sealed class RequireTests
{
    [Theory]
    [InlineData("data,grep", "grep", true)]
    [InlineData("data, grep", "grep", true)]
    [InlineData("egrep", "grep", false)]
    [InlineData("", "grep", false)]
    [InlineData(null, "grep", false)]
    public void A_comma_list_demands_what_it_names(string? list, string name, bool demanded) =>
        Assert.Equal(demanded, Require.Demands(list, name));

    [Fact]
    public void A_tool_is_looked_for_along_the_path()
    {
        using var directory = new TemporaryDirectory();
        string tool = directory.Write(OperatingSystem.IsWindows() ? "mill.exe" : "mill", "");
        string path = string.Join(Path.PathSeparator, directory["missing"], directory.Path);
        Assert.Equal(tool, Require.FindTool("mill", path));
        Assert.Null(Require.FindTool("sluice", path));
        Assert.Null(Require.FindTool("mill", searchPath: null));
    }

    [Fact]
    public void What_is_missing_and_not_demanded_skips_the_test_and_says_why()
    {
        Assert.EndsWith("The program no-such-mill is not on PATH.", SkipOf(() => Require.Tool("no-such-mill")), StringComparison.Ordinal);
        if (!Require.Demands(Environment.GetEnvironmentVariable("LEAT_REQUIRE"), "data"))
        {
            Assert.Contains("no-such-file", SkipOf(() => Require.SharedData("no-such-file")), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_root_is_where_the_solution_lies() => Assert.True(File.Exists(Repository.PathOf("Leat.slnx")));

    [Fact]
    public void Files_are_found_without_what_builds_leave_behind()
    {
        IEnumerable<string> files = Repository.Files("tests", "*.cs").Select(Repository.Relative);
        Assert.Contains("tests/Leat.Tests/Kit/RequireTests.cs", files);
        Assert.DoesNotContain(files, file => file.Contains("/obj/", StringComparison.Ordinal));
    }

    // Not Assert.Throws, which lets the exception of a skip pass.
    private static string? SkipOf(Func<string> requirement)
    {
        try
        {
            return $"The test goes on with {requirement()}.";
        }
        catch (SkipException skip)
        {
            return skip.Message;
        }
    }
}
