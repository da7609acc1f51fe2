using Leat.Code;

namespace Leat.Tests.Code;

public sealed class DepsFileTests
{
    private const string Json = """
        {
          "targets": { ".NETCoreApp,Version=v10.0": {
            "App/1.0.0": { "dependencies": { "Foo": "1.2.0" }, "runtime": { "App.dll": {} } },
            "Foo/1.2.0": { "runtime": { "lib/net8.0/Foo.Core.dll": { "assemblyVersion": "1.0.0.0" } } },
            "Steps/1.0.0": { "runtime": { "Steps.dll": {} } },
            "Analyzers/3.0.0": {}
          } },
          "libraries": {
            "App/1.0.0": { "type": "project" }, "Foo/1.2.0": { "type": "package" },
            "Steps/1.0.0": { "type": "project" }, "Analyzers/3.0.0": { "type": "package" }
          }
        }
        """;

    [Fact]
    public void Projects_and_packages_are_told_apart()
    {
        DepsFile file = DepsFile.Parse(System.Text.Encoding.UTF8.GetBytes(Json));
        Assert.True(file.IsProject("App") && file.IsProject("Steps"));
        Assert.False(file.IsProject("Foo.Core") || file.IsProject("Analyzers"));
        Assert.Equal("1.2.0", file.PackageVersion("Foo.Core"));
        Assert.Null(file.PackageVersion("Steps"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{ \"libraries\": 1, \"targets\": [] }")]
    [InlineData("{ \"targets\": { \"a\": 1 }, \"libraries\": {} }")]
    public void What_is_no_such_file_says_nothing(string json) =>
        Assert.Null(DepsFile.Parse(System.Text.Encoding.UTF8.GetBytes(json)).PackageVersion("Foo"));

    [Fact]
    public void The_file_of_this_program_is_read() => Assert.NotNull(DepsFile.OfProgram.PackageVersion("FsCheck"));
}
