namespace Leat.Tests.Tree;

public sealed class DocsTests
{
    private static readonly List<(IReadOnlyList<DocsSample> Samples, IReadOnlyList<string> Problems)> Pages =
    [
        .. Repository.Files("docs", "*.md").Prepend(Repository.PathOf("README.md"))
            .Select(file => DocsPage.Read(Repository.Relative(file), File.ReadAllText(file))),
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Samples => [.. Pages.SelectMany(page => page.Samples).Select(sample => sample.Name)];

    [Fact]
    public void Every_sample_can_be_checked() => Faults.None(Pages.SelectMany(page => page.Problems));

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Samples))]
    public async Task A_sample_compiles_and_prints_what_its_page_says(string name)
    {
        DocsSample sample = Pages.SelectMany(page => page.Samples).First(each => each.Name == name);
        if (await SampleProgram.FaultOfAsync(sample, Token) is { } fault) Assert.Fail(fault);
    }
}
