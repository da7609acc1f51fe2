using Leat.Storage;

namespace Leat.Jobs;

/// <summary>What a job is, apart from what it depends on.</summary>
internal static class Definition
{
    /// <summary>True for jobs whose outputs are files that they make, and not files that are there.</summary>
    public static bool MakesFiles(Job job) => MakesFiles(job.Kind);

    /// <summary>True for jobs whose outputs are files that they make, and not files that are there.</summary>
    public static bool MakesFiles(JobKind kind) => kind is JobKind.File or JobKind.Files or JobKind.TempFile or JobKind.TempFiles or JobKind.Command or JobKind.Cached or JobKind.Plot;

    /// <summary>In what two jobs of one name differ, in a phrase; null if they are the same.</summary>
    public static string? Difference(Job first, Job second)
    {
        if (first.Kind != second.Kind || first.GetType() != second.GetType()) return $"it is a job of the kind {first.Kind}, not {second.Kind}";
        if (!first.Outputs.Names.SequenceEqual(second.Outputs.Names) || !first.Outputs.SequenceEqual(second.Outputs)) return "it has other files";
        if (first.Options != second.Options) return "it has other options";
        return (first, second) switch
        {
            (IParameter one, IParameter other) => one.Encode().AsSpan().SequenceEqual(other.Encode()) ? null : "it has another value",
            (FunctionJob one, FunctionJob other) => IsSame(one.Function, other.Function) ? null : "it has another function",
            (EnvironmentJob one, EnvironmentJob other) => one.Variable == other.Variable && one.Command?.ToString() == other.Command?.ToString() ? null : "it asks for something else",
            (InputFolderJob one, InputFolderJob other) => one.Pattern == other.Pattern && one.IsRecursive == other.IsRecursive ? null : "it takes other files of the folder",
            (CommandJob one, CommandJob other) => one.Plan!.IsSame(other.Plan!, one.Outputs) ? null : "it has another command line",
            (AttributeJob one, AttributeJob other) when one.Target != other.Target => "it sets something else",
            _ => first.Body is null || IsSame(first.Body.Function, second.Body!.Function) ? null : "it has another action, or the action has captured other values",
        };
    }

    // One that can't be told apart is the same only if it is the same delegate.
    private static bool IsSame(Delegate one, Delegate other)
    {
        if (one.Equals(other)) return true;
        if (one.Method != other.Method || one.GetType() != other.GetType()) return false;
        try
        {
            return FunctionIdentity.Of(one, typeof(void), "").Digest == FunctionIdentity.Of(other, typeof(void), "").Digest;
        }
        catch (LeatException)
        {
            return false;
        }
    }
}
