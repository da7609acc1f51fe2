using System.Collections.Immutable;
using Leat.Encoding;

namespace Leat.Storage;

/// <summary>Which call of a function it is: equal keys, equal results.</summary>
/// <param name="Function">The function.</param>
/// <param name="Arguments">The digests of its arguments.</param>
internal sealed record CallKey(FunctionIdentity Function, ImmutableArray<Digest> Arguments)
{
    private const byte Version = 1;
    private const int MostOnStack = 16;

    /// <summary>The digest of all of it, under which a cache keeps the result.</summary>
    public Digest Digest { get; } = DigestOf(Function.Digest, Arguments);

    // The version, the function, how many arguments (4 bytes), and each of them.
    private static Digest DigestOf(Digest function, ImmutableArray<Digest> arguments)
    {
        int length = 1 + Digest.Size + sizeof(int) + (arguments.Length * Digest.Size);
        Span<byte> bytes = arguments.Length <= MostOnStack ? stackalloc byte[length] : new byte[length];
        bytes[0] = Version;
        function.CopyTo(bytes[1..]);
        System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian(bytes[(1 + Digest.Size)..], arguments.Length);
        for (int i = 0; i < arguments.Length; i++) arguments[i].CopyTo(bytes[(1 + sizeof(int) + ((1 + i) * Digest.Size))..]);
        return Encoding.Digest.Of(bytes);
    }
}
