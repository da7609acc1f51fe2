using System.Collections.Immutable;

namespace Leat.Shell;

/// <summary>A plan as it is shown.</summary>
/// <param name="Total">How many jobs are wanted or needed, without those that are only looked at or loaded.</param>
/// <param name="UpToDate">How many of them would not run.</param>
/// <param name="NotNeeded">How many of them nothing needs that would run.</param>
/// <param name="ToRun">Those that would run, or may have to, in order.</param>
/// <param name="Warnings">What was found odd.</param>
internal sealed record PlanView(int Total, int UpToDate, int NotNeeded, ImmutableArray<PlannedJob> ToRun, ImmutableArray<string> Warnings)
{
    public int WillRun => ToRun.Count(each => each.State == PlannedState.WillRun);

    public int MayRun => ToRun.Length - WillRun;

    public static PlanView Of(RunPlan plan)
    {
        int upToDate = plan.Jobs.Count(each => each.State == PlannedState.UpToDate && IsCounted(each.Job));
        int notNeeded = plan.Jobs.Count(each => each.State == PlannedState.NotNeeded && IsCounted(each.Job));
        ImmutableArray<PlannedJob> toRun = [.. plan.ToRun];
        return new PlanView(upToDate + notNeeded + toRun.Length, upToDate, notNeeded, toRun, [.. plan.Warnings]);
    }

    // As in the report of a run: what is only looked at, or only loaded, is nothing that a run does.
    private static bool IsCounted(Job job) => job.Kind is < JobKind.Parameter and not JobKind.Load;
}
