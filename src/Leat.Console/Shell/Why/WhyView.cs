using System.Collections.Immutable;
using Leat.Storage;

namespace Leat.Shell;

/// <summary>All that there is to say about one job.</summary>
/// <param name="Planned">The job, what would become of it, and why.</param>
/// <param name="Inputs">What it needs.</param>
/// <param name="Last">What the ledger says of it last; null if it never ran.</param>
/// <param name="LastGood">What the ledger says of its last success, where that is another record; null if there is none.</param>
/// <param name="Log">The log of its last attempt; null if there is none.</param>
internal sealed record WhyView(PlannedJob Planned, ImmutableArray<InputView> Inputs, LedgerRecord? Last, LedgerRecord? LastGood, string? Log)
{
    public static WhyView Of(RunPlan plan, Job job, IReadOnlyList<LedgerRecord> history, string? log)
    {
        LedgerRecord? last = history.Count > 0 ? history[0] : null;
        LedgerRecord? good = history.FirstOrDefault(record => record.IsGood);
        // A job that no target needs has no place in the plan.
        PlannedJob planned = plan[job.Id] ?? new PlannedJob(job, PlannedState.NotNeeded, [], null);
        return new WhyView(planned, [.. job.Inputs.Select(input => InputView.Of(plan, input))], last, good == last ? null : good, log);
    }
}

/// <summary>Something that a job needs.</summary>
/// <param name="Input">It.</param>
/// <param name="State">What would become of it; null where that is not known.</param>
/// <param name="Bytes">Of a file that is there, its size; null for all else, and for a file that is missing.</param>
internal sealed record InputView(IJobInput Input, PlannedState? State, long? Bytes = null)
{
    /// <summary>True for a file that should be there, and is not.</summary>
    public bool IsMissing => Input.Job.Kind == JobKind.InputFile && Bytes is null;

    public string Name => Input is JobOutput output ? $"{output.Name} of {output.Job.Id}" : Input.Job.Id.Text;

    public static InputView Of(RunPlan plan, IJobInput input) =>
        new(input, plan[input.Job.Id]?.State, input.Job is InputFileJob file && new FileInfo(file.Path) is { Exists: true } found ? found.Length : null);
}
