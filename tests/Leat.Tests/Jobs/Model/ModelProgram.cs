using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Leat.Tests.Jobs.Model;

/// <summary>A sequence of edits and runs, as data: it can be played, printed and made smaller.</summary>
/// <param name="Seed">From which it was made.</param>
/// <param name="Jobs">The jobs before the first edit.</param>
/// <param name="Steps">What is done with them.</param>
internal sealed record ModelProgram(int Seed, ImmutableArray<JobSpec> Jobs, ImmutableArray<Step> Steps)
{
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"seed {Seed}\n");
        foreach (JobSpec job in Jobs) text.Append("  ").Append(job).Append('\n');
        foreach (Step step in Steps) text.Append(step).Append('\n');
        return text.ToString();
    }
}

/// <summary>Edits, and the run that follows.</summary>
internal sealed record Step(ImmutableArray<Edit> Edits, RunSpec Run)
{
    public override string ToString() => string.Concat(Edits.Select(edit => $"  {edit}\n")) + Run;
}

/// <summary>How a graph is run.</summary>
internal sealed record RunSpec
{
    public int Threads { get; init; } = 2;

    /// <summary>The numbers of the jobs that are wanted; empty for all.</summary>
    public ImmutableArray<int> Targets { get; init; } = [];

    /// <summary>The ids of the jobs whose actions throw.</summary>
    public ImmutableArray<string> Failing { get; init; } = [];

    /// <summary>At which event the run is stopped; none where it is negative.</summary>
    public int StopsAt { get; init; } = -1;

    /// <summary>It is not only stopped, what runs is ended.</summary>
    public bool IsCancelled { get; init; }

    /// <summary>The same object is run again, where no definition has changed.</summary>
    public bool IsSameGraph { get; init; }

    /// <summary>What would be done is asked for before.</summary>
    public bool IsPlanned { get; init; }

    public override string ToString()
    {
        var text = new StringBuilder("run");
        if (Targets.Length > 0) text.Append(" of ").AppendJoin(", ", Targets.Select(each => string.Create(CultureInfo.InvariantCulture, $"j{each}")));
        if (Failing.Length > 0) text.Append(" where ").AppendJoin(", ", Failing).Append(" fail");
        if (StopsAt >= 0) text.Append(CultureInfo.InvariantCulture, $", {(IsCancelled ? "cancelled" : "stopped")} at event {StopsAt}");
        if (IsPlanned) text.Append(", planned");
        if (IsSameGraph) text.Append(", same graph");
        return text.Append(CultureInfo.InvariantCulture, $" ({Threads} threads)").ToString();
    }
}

/// <summary>A change between two runs. One that does not apply, because what it is about is gone, does nothing.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="Job">To which job, by its number.</param>
/// <param name="Value">A number for it.</param>
/// <param name="Other">Another job.</param>
/// <param name="File">The letter of a file.</param>
internal sealed record Edit(EditKind Kind, int Job, int Value = 0, InputSpec? Other = null, char File = 'a')
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Kind} j{Job} {Value} {File} {Other}");
}

internal enum EditKind
{
    /// <summary>Another code; what it was before may come back.</summary>
    Code,
    Captured,
    Drawing,
    Options,
    IgnoreCode,

    /// <summary>A dependency is added, or taken away where it is there.</summary>
    Dependency,

    /// <summary>A job is taken out of the graph, or comes back.</summary>
    Presence,

    /// <summary>An input file has other content.</summary>
    WriteInput,
    TouchInput,

    /// <summary>The files of an input are moved into another folder.</summary>
    Move,

    /// <summary>A file is added to a set, or taken out of it.</summary>
    Member,

    /// <summary>The files of a folder go into a folder in there.</summary>
    Deepen,

    /// <summary>An input file is not there in the next run.</summary>
    LoseInput,

    DeleteOutput,
    ChangeOutput,
    EmptyOutput,
    TouchOutput,

    /// <summary>A child of a maker has another code.</summary>
    ChildCode,
}
