using Leat.Pools;

namespace Leat.Streams;

/// <summary>A stream that is read from its beginning to its end and can do nothing else.</summary>
internal abstract class ReadOnlyStream : SequentialStream
{
    public sealed override bool CanWrite => false;

    public sealed override void Write(ReadOnlySpan<byte> buffer) => throw new NotSupportedException();

    public sealed override void Flush()
    {
    }
}
