namespace Leat.Scheduling;

/// <summary>What there is to know of a task before it runs.</summary>
/// <param name="Resources">What it takes while it runs.</param>
/// <param name="Expected">How long it will take, as far as anybody can say; zero if nobody can.</param>
internal readonly record struct TaskSpec(Resources Resources, TimeSpan Expected)
{
    /// <summary>How often it is tried again when it fails.</summary>
    public int Retries { get; init; }

    /// <summary>How long to wait before the first of these; twice as long before each further one.</summary>
    public TimeSpan Delay { get; init; }
}
