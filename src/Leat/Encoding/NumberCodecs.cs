using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace Leat.Encoding;

/// <summary>A value whose bytes are those in memory: a number, an identifier, a struct of such without padding.</summary>
internal sealed class BlockCodec<T> : Codec<T>
    where T : unmanaged
{
    public override int Smallest { get; } = System.Runtime.CompilerServices.Unsafe.SizeOf<T>();

    public override bool IsBlock => true;

    public override void Write(EncodingWriter writer, T value) => writer.Write(value);

    public override T Read(EncodingReader reader) => reader.Read<T>();
}

internal sealed class BoolCodec : Codec<bool>
{
    public override void Write(EncodingWriter writer, bool value) => writer.Write((byte)(value ? 1 : 0));

    public override bool Read(EncodingReader reader) => reader.Read<byte>() switch
    {
        0 => false,
        1 => true,
        byte other => throw reader.Damaged($"{other} is neither true nor false"),
    };
}

/// <summary>By its bits: 1.0 and 1.00 are equal, but print differently.</summary>
internal sealed class DecimalCodec : Codec<decimal>
{
    public override int Smallest => 4 * sizeof(int);

    public override void Write(EncodingWriter writer, decimal value)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        writer.WriteBytes(MemoryMarshal.AsBytes(bits));
    }

    public override decimal Read(EncodingReader reader)
    {
        ReadOnlySpan<int> bits = MemoryMarshal.Cast<byte, int>(reader.Take(Smallest));
        try
        {
            return new decimal(bits);
        }
        catch (ArgumentException)
        {
            throw reader.Damaged("a decimal has impossible bits");
        }
    }
}

internal sealed class BigIntegerCodec : Codec<BigInteger>
{
    public override void Write(EncodingWriter writer, BigInteger value)
    {
        int size = value.GetByteCount();
        writer.WriteVarint((ulong)size);
        value.TryWriteBytes(writer.Reserve(size), out int written);
        writer.Advance(written);
    }

    public override BigInteger Read(EncodingReader reader)
    {
        int size = reader.ReadCount();
        var value = new BigInteger(reader.Take(size));
        return value.GetByteCount() == size ? value : throw reader.Damaged("a number has more bytes than it needs");
    }
}

internal sealed class RuneCodec : Codec<Rune>
{
    public override int Smallest => sizeof(int);

    public override void Write(EncodingWriter writer, Rune value) => writer.Write(value.Value);

    public override Rune Read(EncodingReader reader) =>
        Rune.TryCreate(reader.Read<int>(), out Rune value) ? value : throw reader.Damaged("there is no such character");
}
