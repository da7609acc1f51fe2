using System.Buffers.Binary;
using Leat.Encoding;

namespace Leat.Jobs;

/// <summary>Writes the bytes of a state: numbers in little-endian order, texts as UTF-8 behind their length.</summary>
internal struct StateWriter()
{
    private byte[] buffer = new byte[192];
    private int count;

    public void Write(byte value) => Take(1)[0] = value;

    public void Write(int value) => BinaryPrimitives.WriteInt32LittleEndian(Take(sizeof(int)), value);

    public void Write(long value) => BinaryPrimitives.WriteInt64LittleEndian(Take(sizeof(long)), value);

    public void Write(Digest digest) => digest.CopyTo(Take(Digest.Size));

    public void Write(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

    public void Write(string text)
    {
        int length = System.Text.Encoding.UTF8.GetByteCount(text);
        Write(length);
        System.Text.Encoding.UTF8.GetBytes(text, Take(length));
    }

    public readonly byte[] ToArray() => buffer.AsSpan(0, count).ToArray();

    private Span<byte> Take(int length)
    {
        if (count + length > buffer.Length) Array.Resize(ref buffer, Math.Max(buffer.Length * 2, count + length));
        Span<byte> place = buffer.AsSpan(count, length);
        count += length;
        return place;
    }
}
