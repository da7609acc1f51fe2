using System.Globalization;
using Leat.Pools;

namespace Leat.Jobs;

/// <summary>Every error of jobs on a Slurm cluster, made in one place; <c>docs/errors.md</c> explains each.</summary>
internal static class SlurmJobErrors
{
    public static MachineLostException AllocationLost(string name, string how) =>
        new("LEAT0235", $"The allocation {name} was lost: {how}. What ran in it runs again elsewhere.") { HasStarted = true };

    public static TimeoutException TimeLimit(string job, string name, TimeSpan? limit) =>
        new(Text("LEAT0236", $"The action of '{job}' was ended with its allocation, {name}: its time limit{(limit is { } time ? string.Create(CultureInfo.InvariantCulture, $" of {time.TotalMinutes:0.#} min") : "")} was reached. Say with Resources.WallTime how long the job may take; with Retries it is tried again with twice the time."));

    public static LeatException NotGiven(string job, LeatException cause) =>
        new("LEAT0237", $"'{job}' can't run, for Slurm does not give what it asks for. {cause.Message}", cause);

    public static ArgumentException NotCombined() =>
        new(Text("LEAT0238", "A graph can't run on a combination of pools of which one is on a Slurm cluster: there Slurm decides where jobs run, and elsewhere Leat does. Run the graph on Pool.Slurm(…) alone."));

    public static ArgumentException NoTransfer() =>
        new(Text("LEAT0239", "Files can't be sent to the nodes of a Slurm cluster (Files.Transfer). Keep the graph's folder and its inputs on a disk that all nodes see under the same path, and leave RunOptions.Files out."));

    private static string Text(string code, string message) => $"{code}: {message}";
}
