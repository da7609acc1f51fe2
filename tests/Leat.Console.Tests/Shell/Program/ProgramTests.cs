using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Leat.Shell.Tests;

public sealed partial class ProgramTests : IDisposable
{
    private readonly PipelineProgram program = new();

    public void Dispose() => program.Dispose();

    // What differs from run to run is named, and columns that are as wide as that are narrow.
    private string Scrubbed(string text)
    {
        text = text.Replace(program.Folder, "/work", StringComparison.Ordinal).Replace(Environment.MachineName, "HOST", StringComparison.Ordinal).Replace(Environment.UserName, "USER", StringComparison.Ordinal);
        text = Run().Replace(Moment().Replace(Place().Replace(text, "at PLACE"), "MOMENT"), "RUN");
        return Gap().Replace(Took().Replace(text, "TIME"), "  ");
    }

    private async Task TellAsync(StringBuilder transcript, params string[] arguments)
    {
        DotnetRun run = await program.RunAsync(arguments);
        transcript.Append($"$ pipeline {string.Join(' ', arguments)}".TrimEnd()).Append('\n').Append(run.Output).Append(run.Errors);
        if (run.ExitCode != 0) transcript.Append(CultureInfo.InvariantCulture, $"exit code {run.ExitCode}\n");
    }

    [Fact(Timeout = 300_000)]
    public async Task What_people_do_with_a_pipeline()
    {
        var transcript = new StringBuilder();
        await TellAsync(transcript, "--dry-run");
        Assert.False(program.Has("out"));
        await TellAsync(transcript, "--cores", "1");
        await TellAsync(transcript);
        program.Write("words.txt", "wheat\nrye\noats\n");
        await TellAsync(transcript, "--dry-run");
        await TellAsync(transcript, "--why", "out/counts.csv");
        await TellAsync(transcript, "--status");
        await TellAsync(transcript, "--graph");
        await TellAsync(transcript, "--dry-run", "--yes", "--pool", "threads:1");
        program.Write("out/report.md", "edited");
        await TellAsync(transcript, "--accept", "out/report.md", "--reason", "edited by hand");
        await TellAsync(transcript, "--history", "out/report.md");
        await TellAsync(transcript, "--log", "out/counts.csv");
        await TellAsync(transcript, "--clean");
        Assert.True(program.Has("out/counts.csv"));
        await TellAsync(transcript, "--clean", "out/*.csv", "--yes");
        Assert.False(program.Has("out/counts.csv"));
        await TellAsync(transcript, "--quiet");
        await TellAsync(transcript, "--version");
        Approved.Text(Scrubbed(transcript.ToString()));
    }

    [Fact(Timeout = 300_000)]
    public async Task What_goes_wrong()
    {
        var transcript = new StringBuilder();
        await TellAsync(transcript, "out/count.csv");
        await TellAsync(transcript, "--history", "nothing");
        program.Variables["LEAT_TEST_FAIL"] = "1";
        await TellAsync(transcript, "--quiet", "--cores", "1");
        await TellAsync(transcript, "--status");
        program.Variables["LEAT_TEST_CIRCLE"] = "1";
        await TellAsync(transcript);
        await TellAsync(transcript, "--graph", "out/report.md");
        program.Variables.Remove("LEAT_TEST_CIRCLE");
        File.Delete(Path.Combine(program.Folder, "words.txt"));
        await TellAsync(transcript);
        Approved.Text(Scrubbed(transcript.ToString()));
    }

    [Fact(Timeout = 300_000)]
    public async Task A_run_as_json_is_an_event_a_line()
    {
        DotnetRun run = await program.RunAsync("--json", "out/sorted.txt");
        Assert.Equal(0, run.ExitCode);
        string[] events = [.. run.Output.TrimEnd('\n').Split('\n').Select(line => JsonDocument.Parse(line).RootElement.GetProperty("event").GetString()!)];
        Assert.Equal(["queued", "started", "ended", "runEnded"], events.Where(each => each is not ("runStarted" or "warning")));
    }

    [Theory(Timeout = 300_000)]
    [InlineData("--dry-run")]
    [InlineData("--why", "out/*")]
    [InlineData("--status")]
    [InlineData("--graph")]
    [InlineData("--history", "out/report.md")]
    public async Task All_that_is_told_can_be_told_to_programs(params string[] arguments)
    {
        DotnetRun run = await program.RunAsync([.. arguments, "--json"]);
        Assert.Equal(0, run.ExitCode);
        using JsonDocument document = JsonDocument.Parse(run.Output);
        Assert.Equal(JsonValueKind.Object, document.RootElement.ValueKind);
    }

    [GeneratedRegex("at Program[.][^\n]*", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Place();

    [GeneratedRegex("[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8}", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Moment();

    [GeneratedRegex("[0-9]{8}-[0-9]{6}-[0-9a-f]{4}", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Run();

    [GeneratedRegex(@"\b[0-9]+([.:][0-9]+)* (ns|µs|ms|s|min)\b", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Took();

    [GeneratedRegex("(?<=[^ \n]) {3,}", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Gap();
}
