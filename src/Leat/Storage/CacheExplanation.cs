namespace Leat;

/// <summary>Why a call is found in a cache, or why it is not.</summary>
/// <param name="IsHit">True when its result is there.</param>
/// <param name="Reason">
/// Why, in a phrase: what of the code, of the captured values or of the arguments is another than it was.
/// </param>
/// <param name="Nearest">The call itself, if its result is there, or else the one of the same function that is most like it.</param>
public sealed record CacheExplanation(bool IsHit, string Reason, CacheEntry? Nearest)
{
    /// <summary>The reason.</summary>
    public override string ToString() => Reason;
}
