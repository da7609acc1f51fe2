namespace Leat.Storage;

/// <summary>A ledger can't be opened, because another run has it.</summary>
public sealed class LedgerHeldException : LeatException
{
    /// <summary>Creates the error.</summary>
    /// <param name="ledger">Where the ledger is, for people to read.</param>
    /// <param name="holder">Who has it; null if that can't be found out.</param>
    public LedgerHeldException(string ledger, LedgerHolder? holder)
        : base(LedgerErrors.HeldCode, LedgerErrors.HeldText(ledger, holder)) => Holder = holder;

    /// <summary>Who has it; null if that can't be found out.</summary>
    public LedgerHolder? Holder { get; }
}
