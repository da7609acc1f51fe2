using System.Collections.Immutable;

namespace Leat.Shell;

/// <summary>A plan as it is shown.</summary>
/// <param name="Total">How many jobs are wanted or needed.</param>
/// <param name="UpToDate">How many of them would not run.</param>
/// <param name="NotNeeded">How many of them nothing needs that would run.</param>
/// <param name="ToRun">Those that would run, or may have to, in order.</param>
/// <param name="Warnings">What was found odd.</param>
internal sealed record PlanView(int Total, int UpToDate, int NotNeeded, ImmutableArray<PlannedJob> ToRun, ImmutableArray<string> Warnings)
{
    public int WillRun => ToRun.Count(each => each.State == PlannedState.WillRun);

    public int MayRun => ToRun.Length - WillRun;

    public static PlanView Of(RunPlan plan) => new(
        plan.Jobs.Count,
        plan.Jobs.Count(each => each.State == PlannedState.UpToDate),
        plan.Jobs.Count(each => each.State == PlannedState.NotNeeded),
        [.. plan.ToRun],
        [.. plan.Warnings]);
}
