using System.Collections.Concurrent;

namespace Leat.Jobs;

/// <summary>
/// The action that is running: what it may use. It flows with the action's tasks and threads, so that several actions may run in one
/// process.
/// </summary>
/// <param name="job">The id of its job.</param>
/// <param name="inputs">The ids of what the job depends on; null when it may use everything.</param>
/// <param name="values">The values that were loaded for it, by the id of their job.</param>
internal sealed class JobScope(string job, IReadOnlySet<string>? inputs, ConcurrentDictionary<string, object> values)
{
    private static readonly AsyncLocal<JobScope?> Running = new();

    /// <summary>The action that is running, if one is.</summary>
    public static JobScope? Current => Running.Value;

    public string Job => job;

    /// <summary>The generator or injector whose action it is; null for all others, which can't make jobs.</summary>
    public Job? Maker { get; init; }

    /// <summary>From now on, in this flow of control, the action runs; null for none.</summary>
    public static void Enter(JobScope? scope) => Running.Value = scope;

    /// <summary>Refuses to let an action use a job that its own does not depend on: it would not run again when that has changed.</summary>
    public static void RefuseForeign(Job used)
    {
        if (Current is { Inputs: { } inputs } scope && used.Id.Text != scope.Job && !inputs.Contains(used.Id.Text)) throw JobErrors.UsedWithoutDependency(scope.Job, used);
    }

    /// <summary>The value that was loaded for the running action.</summary>
    public static T ValueOf<T>(Job load)
    {
        if (Current is not { } scope) throw JobErrors.ValueOutside(load);
        RefuseForeign(load);
        return scope.Values.TryGetValue(load.Id.Text, out object? value) ? (T)value : throw JobErrors.UsedWithoutDependency(scope.Job, load);
    }

    private IReadOnlySet<string>? Inputs => inputs;

    private ConcurrentDictionary<string, object> Values => values;
}
