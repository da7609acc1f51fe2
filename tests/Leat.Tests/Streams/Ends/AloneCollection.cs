namespace Leat.Tests.Streams.Ends;

/// <summary>
/// Tests that count what is alive in the whole process, or measure how long things take: no other test runs at the
/// same time.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "Alone";
}
