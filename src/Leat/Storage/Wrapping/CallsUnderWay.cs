using System.Collections.Immutable;
using Leat.Encoding;

namespace Leat.Storage;

/// <summary>The calls that the code at hand is part of, so that none of them waits for itself.</summary>
internal static class CallsUnderWay
{
    private static readonly AsyncLocal<ImmutableStack<Digest>?> Within = new();

    /// <summary>What follows is part of a call.</summary>
    public static void Enter(Digest key) => Within.Value = (Within.Value ?? []).Push(key);

    public static bool Has(Digest key) => Within.Value?.Contains(key) == true;
}
