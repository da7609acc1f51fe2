namespace Leat.Pools;

/// <summary>How an agent has come to its end.</summary>
/// <param name="Reason">In words.</param>
/// <param name="IsBlameless">True when nothing that its workers did can have been the reason.</param>
internal readonly record struct AgentEnd(string Reason, bool IsBlameless);
