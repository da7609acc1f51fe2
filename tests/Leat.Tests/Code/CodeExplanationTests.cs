using Leat.Code;
using static Leat.Tests.Code.CodePair;

namespace Leat.Tests.Code;

public sealed class CodeExplanationTests
{
    private const string Trim = """
        public static class Trim
        {
            private static readonly int[] Limits = [20, 30];
            public static int Quality(string read) => read.IndexOf("#", StringComparison.Ordinal) > Limits[0] ? Cut(read, 5) : 0;
            private static int Cut(string read, int by) => read.Length - by;
            [CodeVersion("3")] public static void Report() { }
        }
        """;

    private static readonly string Lambda = Lambda("(string read) => { Trim.Report(); return Trim.Quality(read) + new List<double> { 1.5 }.Count; }");

    [Fact]
    public void It_tells_what_a_fingerprint_covers() => Assert.Equal("""
        the lambda in Entry.Get: 1.5
        the method Trim.Report: pinned to version 3
        the method Trim.Quality: "#", 4, 0, 0, 5
        the initial value of Trim.Limits: 2, 0, 20, 1, 30
        the method Trim.Cut
        the package System.Private.CoreLib 10.0.0.0

        """, new CodeProgram(Lambda + Trim).Explanation().ToString());

    [Theory]
    [InlineData("> Limits[0]", ">= Limits[0]", "the method Trim.Quality changed")]
    [InlineData("Cut(read, 5)", "Cut(read, 7)", "the method Trim.Quality changed: 5 is now 7")]
    [InlineData("\"#\"", "\"!\"", "the method Trim.Quality changed: \"#\" is now \"!\"")]
    [InlineData("[20, 30]", "[25, 30]", "the initial value of Trim.Limits changed: 20 is now 25")]
    [InlineData("read.Length - by", "read.Length - Trim.By(by)", "the method Trim.Cut changed|the method Trim.By is used now")]
    [InlineData("Cut(read, 5)", "5", "the method Trim.Quality changed|the method Trim.Cut is no longer used")]
    [InlineData("(\"3\")", "(\"4\")", "the method Trim.Report had version 3 and has 4")]
    [InlineData("[CodeVersion(\"3\")]", "", "the method Trim.Report is no longer pinned to version 3")]
    [InlineData("+ new", "- new", "the lambda in Entry.Get changed")]
    [InlineData("read.Length", "/* in bases */ read.Length", "")]
    public void It_tells_what_differs_from_an_earlier_one(string old, string now, string differences)
    {
        const string Unused = "public static partial class Other;\n";
        string source = Lambda + Unused + Trim.Replace("private static int Cut", "public static int By(int i) => i; private static int Cut", StringComparison.Ordinal);
        CodeExplanation before = new CodeProgram(source).Explanation();
        CodeExplanation after = new CodeProgram(source.Replace(old, now, StringComparison.Ordinal)).Explanation();
        Assert.Equal(differences.Split('|', StringSplitOptions.RemoveEmptyEntries), after.DifferencesFrom(before));
    }

    [Fact]
    public void A_package_is_told_with_both_versions() => Assert.Equal(
        ["a package: Library 1.2.0 (1.0.0.0) is now 1.3.0 (1.0.0.0)"],
        SamePairs.Packaged("1.3.0").Explanation().DifferencesFrom(SamePairs.Packaged("1.2.0").Explanation()));

    [Fact]
    public void The_version_of_Leat_does_not_count()
    {
        var graph = new JobGraph();
        FileJob a = graph.File("a", path => File.WriteAllText(path, "a"));
        Assert.DoesNotContain("Leat", DelegateCode.Explain((string path) => File.Copy(a.Path, path)).Assemblies.Keys);
        Assert.DoesNotContain("Leat", DelegateCode.Explain(new Func<FileJob, FileJob>(Same)).Assemblies.Keys);
    }

    private static T Same<T>(T value) => value;
}
