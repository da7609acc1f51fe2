namespace Leat.Storage;

/// <summary>A ledger can't be opened, because another run has it.</summary>
public sealed class LedgerHeldException : LeatException
{
    internal LedgerHeldException(string code, string message, LedgerHolder? holder)
        : base(code, message) => Holder = holder;

    /// <summary>Who has it; null if that can't be found out.</summary>
    public LedgerHolder? Holder { get; }
}
