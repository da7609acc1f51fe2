namespace Leat.Code;

/// <summary>The target of a delegate that does nothing but call another one: in keys it counts as that.</summary>
internal interface IStandsFor
{
    /// <summary>The other one.</summary>
    Delegate Function { get; }
}
