namespace Leat.Storage;

/// <summary>Who has a ledger open.</summary>
/// <param name="Process">The number of the process.</param>
/// <param name="Machine">Where it runs.</param>
/// <param name="User">Whose it is.</param>
/// <param name="Since">When it opened the ledger (UTC).</param>
/// <param name="Run">The id of the run.</param>
/// <param name="CommandLine">What the run was started by.</param>
public sealed record LedgerHolder(int Process, string Machine, string User, DateTimeOffset Since, string Run, string CommandLine)
{
    /// <summary>All of it, as a part of a sentence.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"run {Run}, process {Process} of {User} on {Machine}, since {Since.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC ({CommandLine})");
}
