using System.Collections.Immutable;
using Leat.Encoding;

namespace Leat.Storage;

/// <summary>Which call of a function it is: equal keys, equal results.</summary>
/// <param name="Function">The function.</param>
/// <param name="Arguments">The digests of its arguments.</param>
internal sealed record CallKey(FunctionIdentity Function, ImmutableArray<Digest> Arguments)
{
    /// <summary>The digest of all of it, under which a cache keeps the result.</summary>
    public Digest Digest { get; } = DigestOf(Function.Digest, Arguments);

    private static Digest DigestOf(Digest function, ImmutableArray<Digest> arguments) => throw new NotImplementedException();
}
