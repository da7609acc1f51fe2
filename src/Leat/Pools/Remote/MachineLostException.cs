namespace Leat.Pools;

/// <summary>The machine was lost on which something ran that must not run there again by itself: who has given it to the pool knows where else.</summary>
internal sealed class MachineLostException(string code, string message, Exception? cause = null) : LeatException(code, message, cause)
{
    /// <summary>True when it may have been at work already, and so may be to blame; false when only its machine can be.</summary>
    public bool HasStarted { get; init; }
}
