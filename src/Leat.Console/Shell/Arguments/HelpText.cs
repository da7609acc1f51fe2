namespace Leat.Shell;

/// <summary>What <c>--help</c> prints.</summary>
internal static class HelpText
{
    public static void Write(TextPage page) => Write(page, ProgramName());

    public static void Write(TextPage page, string program)
    {
        page.Line($"Usage: {program} [TARGET…] [OPTION…]");
        page.Line();
        page.Line("Runs of the graph's jobs what is out of date: all of it, or what the targets need. A target is the");
        page.Line("name of a job or the path of a file that one makes; a * in it stands for any characters.");
        page.Line();
        page.Line("Instead of a run:");
        page.Table([.. ShellOptions.Actions.Select(Row)], indent: "  ");
        page.Line();
        page.Line("How:");
        page.Table([.. ShellOptions.Settings.Select(Row)], indent: "  ");
        page.Line();
        page.Line("While it runs: Enter lists what is running; k, a number and Enter end one of these jobs; Ctrl-C starts");
        page.Line("nothing more, and a second one ends what runs.");
        page.Line();
        page.Line("Exit codes: 0 success, 1 jobs failed, 2 wrong command line or graph, 3 another run has the ledger,");
        page.Line("130 cancelled.");
        page.Line();
        page.Line("Examples:");
        page.Table(
            [
                Example(program, "", "run what is out of date"),
                Example(program, "'out/*.csv' --cores 4", "of the files that match, on 4 cores"),
                Example(program, "--dry-run", "see it first"),
                Example(program, "--why out/a.csv", "why that one runs again"),
                Example(program, "--graph dot | dot -Tsvg > jobs.svg", "draw it"),
            ],
            indent: "  ");
    }

    private static TextRow Row(ShellOption option) => new(
        option.Value.Length == 0 ? option.Name : option.IsValueOptional ? $"{option.Name} [{option.Value}]" : $"{option.Name} {option.Value}",
        option.Help);

    private static TextRow Example(string program, string arguments, string what) => new($"{program} {arguments}".TrimEnd(), what);

    // A program in one file is started by its source, and dotnet would take options for its own.
    private static string ProgramName() => AppContext.GetData("EntryPointFilePath") is string file
        ? $"dotnet run {Path.GetFileName(file)} --"
        : Path.GetFileName(Environment.ProcessPath) is { } name && name is not ("dotnet" or "dotnet.exe") ? name
        : $"dotnet {Path.GetFileName(Environment.GetCommandLineArgs()[0])}";
}
