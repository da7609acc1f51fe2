using Leat.Storage;

namespace Leat.Shell;

/// <summary>A record of the ledger, and where the log of that attempt is, if it is kept.</summary>
internal sealed record RecordView(LedgerRecord Record, string? Log = null);
