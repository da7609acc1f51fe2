namespace Leat.Scheduling;

/// <summary>What there is to know of a task before it runs.</summary>
/// <param name="Resources">What it takes while it runs.</param>
/// <param name="Expected">How long it will take, as far as anybody can say; zero if nobody can.</param>
internal readonly record struct TaskSpec(Resources Resources, TimeSpan Expected)
{
    /// <summary>How often it is tried again when it fails.</summary>
    public int Retries { get; init; }

    /// <summary>
    /// The time of the longest way from the end of this task to the end of all, as far as it leads through tasks that will be
    /// submitted later; zero if there is none.
    /// </summary>
    public TimeSpan After { get; init; }

    /// <summary>How long to wait before the first of these; twice as long before each further one.</summary>
    public TimeSpan Delay { get; init; }
}
