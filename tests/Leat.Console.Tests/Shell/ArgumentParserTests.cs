namespace Leat.Shell.Tests;

public sealed class ArgumentParserTests
{
    private static ShellArguments Parse(params string[] args) => ArgumentParser.Parse(args);

    private static string CodeOf(params string[] args) => Assert.Throws<LeatException>(() => Parse(args)).Code;

    [Fact]
    public void Without_arguments_it_is_a_run_of_everything()
    {
        ShellArguments parsed = Parse();
        Assert.Equal(ShellAction.Run, parsed.Action);
        Assert.Empty(parsed.Names);
        Assert.False(parsed.IsFailFast);
        Assert.Equal(parsed with { Names = ShellArguments.Default.Names }, ShellArguments.Default);
    }

    [Fact]
    public void A_run_takes_targets_and_settings_in_any_order()
    {
        ShellArguments parsed = Parse("a", "--cores", "3", "out/*.csv", "--memory=1.5G", "--pool", "threads:4", "--fail-fast", "--quiet");
        Assert.Equal(ShellAction.Run, parsed.Action);
        Assert.Equal(["a", "out/*.csv"], parsed.Names);
        Assert.Equal(3, parsed.Cores);
        Assert.Equal(3L << 29, parsed.Memory);
        Assert.Equal(new PoolText("threads", 4), parsed.Pool);
        Assert.True(parsed is { IsFailFast: true, IsQuiet: true, IsJson: false });
    }

    [Fact]
    public void Files_are_sent_to_other_machines_when_that_is_asked_for()
    {
        ShellArguments parsed = Parse("--files=transfer", "--pool", "ssh:host1*2");
        Assert.Equal(Files.Transfer, RunCommand.OptionsOf(new JobGraph(), parsed, pool: null).Files);
        Assert.Equal(Files.Shared, RunCommand.OptionsOf(new JobGraph(), Parse("--pool", "ssh:host1*2"), pool: null).Files);
    }

    [Theory]
    [InlineData("--why", "a")]
    [InlineData("--why=a")]
    [InlineData("a", "--why")]
    public void The_jobs_of_an_action_stand_before_or_behind_it(params string[] args)
    {
        ShellArguments parsed = Parse(args);
        Assert.Equal(ShellAction.Why, parsed.Action);
        Assert.Equal(["a"], parsed.Names);
    }

    [Fact]
    public void Several_jobs_are_accepted_for_a_reason_that_may_look_like_an_option()
    {
        ShellArguments parsed = Parse("--accept", "a", "b", "--reason", "--json was added");
        Assert.Equal(ShellAction.Accept, parsed.Action);
        Assert.Equal(["a", "b"], parsed.Names);
        Assert.Equal("--json was added", parsed.Reason);
    }

    [Theory]
    [InlineData(0, 0, "--graph")]
    [InlineData(0, 1, "--graph", "a")]
    [InlineData(1, 0, "--graph", "dot")]
    [InlineData(1, 1, "--graph=dot", "mermaid")]
    [InlineData(2, 0, "--graph", "json")]
    [InlineData(2, 0, "--graph", "--json")]
    [InlineData(2, 0, "--json", "--graph", "mermaid")]
    public void A_graph_has_a_format_and_targets(int format, int names, params string[] args)
    {
        ShellArguments parsed = Parse(args);
        Assert.Equal(ShellAction.Graph, parsed.Action);
        Assert.Equal((GraphFormat)format, parsed.Format);
        Assert.Equal(names, parsed.Names.Length);
    }

    [Fact]
    public void Behind_two_dashes_everything_is_a_name() => Assert.Equal(["--json", "-h"], Parse("--", "--json", "-h").Names);

    [Fact]
    public void A_dash_alone_is_a_name() => Assert.Equal(["-"], Parse("-").Names);

    [Theory]
    [InlineData("-h")]
    [InlineData("-?")]
    [InlineData("--help")]
    public void Help_has_several_names(string arg) => Assert.Equal(ShellAction.Help, Parse(arg).Action);

    [Theory]
    [InlineData("LEAT0165", "--core")]
    [InlineData("LEAT0165", "-x")]
    [InlineData("LEAT0166", "--cores")]
    [InlineData("LEAT0166", "--pool", "--quiet")]
    [InlineData("LEAT0167", "--quiet=yes")]
    [InlineData("LEAT0168", "--cores", "0")]
    [InlineData("LEAT0168", "--cores", "-1")]
    [InlineData("LEAT0168", "--cores", "two")]
    [InlineData("LEAT0168", "--memory", "much")]
    [InlineData("LEAT0168", "--graph=svg")]
    [InlineData("LEAT0169", "--pool", "threads:0")]
    [InlineData("LEAT0169", "--pool", "ssh")]
    [InlineData("LEAT0169", "--pool", "ssh:")]
    [InlineData("LEAT0169", "--pool", "ssh:host*0")]
    [InlineData("LEAT0169", "--pool", "slurm:0")]
    [InlineData("LEAT0171", "--why", "a", "--status")]
    [InlineData("LEAT0172", "--keep-going", "--fail-fast")]
    [InlineData("LEAT0173", "--status", "--cores", "2")]
    [InlineData("LEAT0168", "--files", "sent", "--pool", "ssh:host")]
    [InlineData("LEAT0166", "--files")]
    [InlineData("LEAT0173", "--status", "--files", "transfer")]
    [InlineData("LEAT0179", "--files", "transfer")]
    [InlineData("LEAT0179", "--files", "shared", "--pool", "processes:2")]
    [InlineData("LEAT0173", "--yes")]
    [InlineData("LEAT0173", "--reason", "x")]
    [InlineData("LEAT0174", "--why")]
    [InlineData("LEAT0174", "--accept")]
    [InlineData("LEAT0174", "--history", "a", "b")]
    [InlineData("LEAT0174", "--log")]
    public void What_makes_no_sense_is_refused(string code, params string[] args) => Assert.Equal(code, CodeOf(args));

    [Fact]
    public void Every_option_can_be_read()
    {
        foreach (ShellOption option in ShellOptions.All)
        {
            string value = option.Name switch { "--cores" => "1", "--memory" => "1G", "--pool" => "threads:1", "--files" => "shared", "--graph" => "dot", _ => "x" };
            ShellOption? action = ShellOptions.Actions.FirstOrDefault(each => option.Action == ShellAction.None && option.For.HasFlag(each.Action));
            string[] args = [.. action is null ? [] : new[] { action.Name }, .. option.TakesValue ? new[] { option.Name, value } : [option.Name], .. option.Action is ShellAction.None or ShellAction.Help or ShellAction.Version ? [] : new[] { "job" }];
            if (action?.Action is ShellAction.Accept) args = [.. args, "job"];
            if (option.Name == "--files") args = [.. args, "--pool", "ssh:host"];
            Parse(args);
        }
    }

    [Fact]
    public void Help_lists_everything() => Approved.Text(Printed.Text(page => HelpText.Write(page, "dotnet run pipeline.cs --")));

    [Fact]
    public void Errors_say_what_to_do() => Approved.Text(string.Join('\n', new[]
    {
        ["--core"], ["--zzzzzzzzz"], ["--cores"], ["--quiet=yes"], ["--cores", "0"], ["--memory", "much"], ["--graph=svg"], ["--pool", "green"],
        ["--pool", "slurm:0"], ["--why", "a", "--status"], ["--keep-going", "--fail-fast"], ["--status", "--cores", "2"],
        ["--files", "sent"], ["--files", "transfer"],
        ["--yes"], ["--json", "--help"], ["--why"], new[] { "--log", "a", "b" },
    }.Select(args => Assert.Throws<LeatException>(() => Parse(args)).Message)));
}
