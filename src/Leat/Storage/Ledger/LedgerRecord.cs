namespace Leat.Storage;

/// <summary>What a job did, once. Two records are equal if all that they say is.</summary>
public sealed record LedgerRecord
{
    /// <summary>The id of the job; not empty.</summary>
    public required string Job { get; init; }

    /// <summary>The id of the run.</summary>
    public required string Run { get; init; }

    /// <summary>What became of it.</summary>
    public required LedgerKind Kind { get; init; }

    /// <summary>When the job started; kept in UTC.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>How long it took, in its last attempt. Zero by default.</summary>
    public TimeSpan Time { get; init; }

    /// <summary>How often it was tried in this run. 1 by default.</summary>
    public int Attempts { get; init; } = 1;

    /// <summary>The machine on which it ran. Empty by default.</summary>
    public string Machine { get; init; } = "";

    /// <summary>Why it failed, or who accepted it why, for people to read. Empty by default.</summary>
    public string Message { get; init; } = "";

    /// <summary>
    /// What the job saw and what it left: bytes that mean nothing to the ledger. Empty by default. In a record that was
    /// loaded they are a part of all that was, which stays in memory as long as they do.
    /// </summary>
    public ReadOnlyMemory<byte> State { get; init; }

    /// <summary>Whether the outputs of the job are good.</summary>
    public bool IsGood => Kind is LedgerKind.Succeeded or LedgerKind.Accepted;

    /// <summary>Refuses what no ledger can keep; for those who implement one.</summary>
    /// <exception cref="ArgumentException">
    /// The job is empty, the kind none that there is, the time or the number of attempts negative, a text has half of a surrogate
    /// pair, or it is all more than 256 MiB.
    /// </exception>
    public void Check() => _ = RecordForm.SizeOf(this);

    /// <inheritdoc/>
    public bool Equals(LedgerRecord? other) => other is not null
        && Job == other.Job
        && Run == other.Run
        && Kind == other.Kind
        && Started == other.Started
        && Time == other.Time
        && Attempts == other.Attempts
        && Machine == other.Machine
        && Message == other.Message
        && State.Span.SequenceEqual(other.State.Span);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Job, Run, Kind, Started);

    /// <summary>Job, run, kind, time and size of the state.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"{Job}: {Kind} in {Run} on {Machine} at {Started.UtcDateTime:O}, {Time}, {State.Length} bytes");
}
