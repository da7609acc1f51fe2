namespace Leat.Shell;

/// <summary>All options, in the order of the help.</summary>
internal static class ShellOptions
{
    private const ShellAction Running = ShellAction.Run | ShellAction.DryRun;

    private const ShellAction Telling =
        ShellAction.Why | ShellAction.Status | ShellAction.Graph | ShellAction.History | ShellAction.Log | ShellAction.Accept | ShellAction.Clean;

    public static readonly ShellOption[] Actions =
    [
        Asks("--dry-run", "", ShellAction.DryRun, "show what would run, in order, and why; then ask whether to run it"),
        Asks("--why", "JOB…", ShellAction.Why, "why a job would run or is up to date, its inputs, and when it last ran"),
        Asks("--status", "", ShellAction.Status, "numbers of jobs by state, what failed, what is out of date"),
        new ShellOption("--graph", "FORMAT", ShellAction.Graph, "the graph as mermaid (the default), dot or json", (arguments, value) => arguments with { Format = FormatOf(value) })
        {
            Action = ShellAction.Graph,
            IsValueOptional = true,
        },
        Asks("--history", "JOB", ShellAction.History, "what a job did in former runs"),
        Asks("--log", "JOB", ShellAction.Log, "what a job's last attempt wrote"),
        Asks("--accept", "JOB…", ShellAction.Accept, "take the outputs of jobs as up to date, as they are"),
        Asks("--clean", "", ShellAction.Clean, "remove the files that jobs have made; names them and asks first"),
        Asks("--help", "", ShellAction.Help, "this text"),
        Asks("--version", "", ShellAction.Version, "the versions of the program and of Leat"),
    ];

    public static readonly ShellOption[] Settings =
    [
        new("--cores", "N", Running, "take at most N cores", (arguments, value) => arguments with { Cores = CountOf("--cores", value) }),
        new("--memory", "SIZE", Running, "take at most so much memory: 8G, 500M", (arguments, value) => arguments with { Memory = SizeText.Parse("--memory", value) }),
        new("--pool", "KIND:N", Running, "run on threads:N, processes:N, ssh:HOST*N,… or slurm:N", (arguments, value) => arguments with { Pool = PoolText.Parse(value) }),
        new("--files", "HOW", Running, "on other machines: shared, in place (the default), or transfer, sent and brought back", (arguments, value) => arguments with { Files = FilesOf(value) }),
        new("--keep-going", "", Running, "behind a failure, do all that does not need the failed job (the default)", (arguments, _) => arguments with { IsFailFast = false }),
        new("--fail-fast", "", Running, "behind a failure, start nothing more", (arguments, _) => arguments with { IsFailFast = true }),
        new("--quiet", "", Running, "print failures and the summary only", (arguments, _) => arguments with { IsQuiet = true }),
        new("--json", "", Running | Telling, "print JSON: an event a line for a run, else one document", (arguments, _) => arguments with { IsJson = true }),
        new("--yes", "", ShellAction.DryRun | ShellAction.Clean, "do it without asking", (arguments, _) => arguments with { IsYes = true }),
        new("--reason", "TEXT", ShellAction.Accept, "why, for the job's history", (arguments, value) => arguments with { Reason = value }),
    ];

    public static IEnumerable<ShellOption> All => Actions.Concat(Settings);

    public static ShellOption? Find(string name) => All.FirstOrDefault(option => option.Name == name);

    private static ShellOption Asks(string name, string value, ShellAction action, string help) =>
        new(name, value, action, help, (arguments, _) => arguments) { Action = action };

    private static int CountOf(string option, string text) =>
        int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out int count) && count > 0
            ? count
            : throw ShellErrors.BadValue(option, text, "a whole number of at least 1");

    private static Files FilesOf(string text) => text switch
    {
        "shared" => Files.Shared,
        "transfer" => Files.Transfer,
        _ => throw ShellErrors.BadValue("--files", text, "shared or transfer"),
    };

    private static GraphFormat FormatOf(string text) => text switch
    {
        "" or "mermaid" => GraphFormat.Mermaid,
        "dot" => GraphFormat.Dot,
        "json" => GraphFormat.Json,
        _ => throw ShellErrors.BadValue("--graph", text, "mermaid, dot or json"),
    };
}
