namespace Leat.Pools;

/// <summary>The machine was lost on which something ran that must not run there again by itself: who has given it to the pool knows where else.</summary>
internal sealed class MachineLostException(string code, string message) : LeatException(code, message);
