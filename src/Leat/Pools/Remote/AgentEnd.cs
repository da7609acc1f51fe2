using Leat.Scheduling;

namespace Leat.Pools;

/// <summary>How an agent has come to its end.</summary>
/// <param name="Reason">In words.</param>
/// <param name="Cause">What its workers did to bring that about, if anything; null when nobody is to blame.</param>
internal readonly record struct AgentEnd(string Reason, FailureCause? Cause = null)
{
    /// <summary>True when nothing that its workers did can have been the reason. That they took long, they can't know to have been too long.</summary>
    public bool IsBlameless => Cause != FailureCause.Memory;
}
