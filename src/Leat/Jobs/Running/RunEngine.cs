namespace Leat.Jobs;

/// <summary>Runs a graph.</summary>
internal sealed class RunEngine(JobGraph graph, RunOptions options)
{
    public string Id { get; } = "";

    public Task<RunReport> Completion { get; } = Task.FromException<RunReport>(new NotImplementedException());

    public RunProgress Progress => throw new NotImplementedException($"{graph} {options}");

    public IReadOnlyList<RunningJob> Running => [];

    public void Stop() => throw new NotImplementedException();

    public void Cancel() => throw new NotImplementedException();

    public bool Kill(JobId job) => throw new NotImplementedException();
}
