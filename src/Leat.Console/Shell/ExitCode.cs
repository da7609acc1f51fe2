namespace Leat.Shell;

/// <summary>What the program's exit code says; documented in <c>docs/shell.md</c>.</summary>
internal static class ExitCode
{
    /// <summary>All is done.</summary>
    public const int Success = 0;

    /// <summary>Jobs failed.</summary>
    public const int JobsFailed = 1;

    /// <summary>The command line is wrong, or the graph can't run.</summary>
    public const int Unusable = 2;

    /// <summary>Another run has the ledger.</summary>
    public const int LedgerHeld = 3;

    /// <summary>Somebody ended the run, as shells say it of what SIGINT has ended.</summary>
    public const int Cancelled = 130;
}
