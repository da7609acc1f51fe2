namespace Leat.Tests.Tree;

/// <summary>The check of the documentation's samples, on pages made up for it.</summary>
public sealed class DocsSampleTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_program_that_prints_what_its_page_says_is_right() => Assert.Null(await FaultAsync("""
        ```csharp
        #:project ../src/Leat/Leat.csproj
        #:property PublishAot=false
        using System.Globalization;

        foreach (int number in Enumerable.Range(1, 2)) Console.WriteLine(number.ToString(CultureInfo.InvariantCulture));
        ```

        This prints:

        ```text
        1
        2
        ```
        """));

    [Fact]
    public async Task Another_output_is_told_line_by_line()
    {
        string? fault = await FaultAsync("""
            ```csharp
            Console.WriteLine("wheat");
            ```
            ```text
            rye
            ```
            """);
        Assert.Equal("""
            page.md:2 prints something else. Lines with - stand in the page, lines with + are printed:
                1 - rye
                1 + wheat
            """, fault);
    }

    [Fact]
    public async Task An_error_is_told_with_the_pages_line() => Assert.Equal("""
        page.md:4 does not compile:
        page.md(5,12): CS0029: Cannot implicitly convert type 'string' to 'int'
        """, await FaultAsync("""
            # Title

            ```csharp
            Console.WriteLine();
            int text = "";
            ```
            """));

    [Fact]
    public async Task A_program_that_fails_is_told_with_its_errors()
    {
        string? fault = await FaultAsync("""
            ```csharp
            throw new InvalidOperationException("The mill stands still.");
            ```
            ```text
            ```
            """);
        Assert.StartsWith("page.md:2 ended with exit code ", fault, StringComparison.Ordinal);
        Assert.Contains("The mill stands still.", fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fragment_has_what_is_given_to_it() => Assert.Null(await FaultAsync("""
        <!-- fragment -->
        <!-- given:
        using System.Text;
        string[] urls = ["a"];
        record Grain(string Kind);
        -->

        ```csharp
        using System.Globalization;
        await Task.Yield();
        var text = new StringBuilder();
        foreach (string url in urls) text.Append(CultureInfo.InvariantCulture, $"{new Grain(url)}{new Flour()}");
        Console.WriteLine(text);

        record Flour;
        ```
        It prints
        ```text
        Grain { Kind = a }Flour { }
        ```
        """));

    [Fact]
    public async Task A_fragment_of_types_alone_is_compiled() => Assert.Null(await FaultAsync("""
        <!-- fragment -->
        ```csharp
        public sealed class Mill { public int Stones => 2; }
        ```
        """));

    [Fact]
    public async Task A_whole_program_needs_its_own_using() => Assert.Contains("CS0103", await FaultAsync("""
        ```csharp
        var it = nameof(StringBuilder);
        ```
        """), StringComparison.Ordinal);

    [Fact]
    public void A_block_in_a_list_loses_its_indentation_and_other_text_is_no_output()
    {
        DocsSample sample = Sample("""
            - An item:
              ```csharp
              if (true)
                  Console.WriteLine();
              ```
              The file holds
              ```text
              1
              ```
            """);
        Assert.Equal("if (true)\n    Console.WriteLine();", sample.Code);
        Assert.Null(sample.Output);
    }

    [Theory]
    [InlineData("<!-- skip: needs a network -->\n```csharp\n```", "page.md:1: no sample may be skipped.")]
    [InlineData("```cs\n```", "page.md:2: C# is marked csharp, so that it is compiled, not cs.")]
    [InlineData("```C#\n```", "page.md:2: C# is marked csharp, so that it is compiled, not C#.")]
    [InlineData("```\nint i;\n```", "page.md:2: a block says what it holds: csharp, text, sh…")]
    [InlineData("```csharp\nint i;", "page.md:1: the block has no end.")]
    [InlineData("<!-- fragment -->\nWords.\n```csharp\n```", "page.md:2: 'fragment' stands before no C# block.")]
    [InlineData("<!-- given: int i; -->\n```csharp\n```", "page.md:3: only a fragment can be given declarations.")]
    public void What_would_keep_a_sample_from_being_checked_is_told(string page, string problem) =>
        Assert.Equal([problem], DocsPage.Read("page.md", page).Problems);

    private static DocsSample Sample(string page)
    {
        var (samples, problems) = DocsPage.Read("page.md", page);
        Assert.Empty(problems);
        return Assert.Single(samples);
    }

    private static Task<string?> FaultAsync(string page) => SampleProgram.FaultOfAsync(Sample(page), Token);
}
