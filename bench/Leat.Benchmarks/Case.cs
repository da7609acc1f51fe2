namespace Leat.Benchmarks;

/// <summary>One comparison: what Leat and its peer need for the same work.</summary>
/// <param name="Name">What is compared.</param>
/// <param name="PeerName">Who the peer is.</param>
/// <param name="Unit">The unit of what the two functions give.</param>
/// <param name="Leat">Does the work once with Leat and gives the figure.</param>
/// <param name="Peer">Does the same with the peer; null where the figure stands against a fixed bound.</param>
internal sealed record Case(string Name, string PeerName, string Unit, Func<Task<double>> Leat, Func<Task<double>>? Peer)
{
    /// <summary>False, the default, when a smaller figure is the better one.</summary>
    public bool HigherIsBetter { get; init; }

    /// <summary>The ratio that the budget asks for at least; null where it asks for none.</summary>
    public double? LeastRatio { get; init; }

    /// <summary>The figure that stands for the peer where there is none: the bound of the budget.</summary>
    public double Bound { get; init; }

    /// <summary>How many whole rounds warm up.</summary>
    public int WarmUp { get; init; } = 1;

    /// <summary>
    /// Runs both sides often on little work, before anything is measured, so that the runtime has compiled their loops
    /// as it does for code that has run for a while; null for cases whose time is not in loops.
    /// </summary>
    public Func<Task>? Prepare { get; init; }
}

/// <summary>What came of a case. A ratio above 1 means that Leat is ahead.</summary>
internal sealed record Result(
    string Suite,
    string Case,
    double Leat,
    double Peer,
    string PeerName,
    string Unit,
    bool HigherIsBetter,
    double Ratio,
    double? LeastRatio);
