using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Leat.Encoding;

/// <summary>
/// UTF-8 with its length in bytes. A surrogate without its other half, which .NET allows in a string and UTF-8 does not,
/// takes the three bytes that it would have if it were a character (WTF-8, Sapin 2018): so every string has one form.
/// </summary>
internal sealed class StringCodec : Codec<string>
{
    private const int LongestCharacter = 3;

    public override void Write(EncodingWriter writer, string value)
    {
        int bytes = CountBytes(value) is var count && count <= Array.MaxLength ? (int)count : throw EncodingErrors.TooLarge();
        writer.WriteVarint((ulong)bytes);
        Span<byte> room = writer.Reserve(bytes);
        if (bytes == value.Length)
        {
            System.Text.Encoding.ASCII.GetBytes(value, room);
        }
        else if (Utf8.FromUtf16(value, room, out _, out _, replaceInvalidSequences: false) != OperationStatus.Done)
        {
            WriteIllFormed(value, room);
        }

        writer.Advance(bytes);
    }

    public override string Read(EncodingReader reader)
    {
        ReadOnlySpan<byte> bytes = reader.Take(reader.ReadCount());
        if (Ascii.IsValid(bytes))
        {
            return System.Text.Encoding.ASCII.GetString(bytes);
        }

        if (Utf8.IsValid(bytes))
        {
            return System.Text.Encoding.UTF8.GetString(bytes);
        }

        return ReadIllFormed(reader, bytes);
    }

    private static long CountBytes(string value)
    {
        if (Ascii.IsValid(value))
        {
            return value.Length;
        }

        long count = 0;
        for (int i = 0; i < value.Length; i++)
        {
            char c = value[i];
            if (char.IsHighSurrogate(c) && i + 1 < value.Length && char.IsLowSurrogate(value[i + 1]))
            {
                count += 4;
                i++;
            }
            else
            {
                count += c < 0x80 ? 1 : c < 0x800 ? 2 : LongestCharacter;
            }
        }

        return count;
    }

    private static void WriteIllFormed(ReadOnlySpan<char> text, Span<byte> room)
    {
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out Rune rune, out int used) == OperationStatus.Done)
            {
                room = room[rune.EncodeToUtf8(room)..];
            }
            else
            {
                char surrogate = text[0];
                room[0] = (byte)(0xE0 | (surrogate >> 12));
                room[1] = (byte)(0x80 | ((surrogate >> 6) & 0x3F));
                room[2] = (byte)(0x80 | (surrogate & 0x3F));
                room = room[LongestCharacter..];
                used = 1;
            }

            text = text[used..];
        }
    }

    private static string ReadIllFormed(EncodingReader reader, ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out Rune rune, out int used) == OperationStatus.Done)
            {
                text.Append(rune.ToString());
                bytes = bytes[used..];
                continue;
            }

            if (bytes is not [0xED, >= 0xA0 and <= 0xBF, >= 0x80 and <= 0xBF, ..])
            {
                throw reader.Damaged("a text is not in UTF-8");
            }

            char surrogate = (char)(0xD000 | ((bytes[1] & 0x3F) << 6) | (bytes[2] & 0x3F));
            if (char.IsLowSurrogate(surrogate) && text.Length > 0 && char.IsHighSurrogate(text[^1]))
            {
                throw reader.Damaged("a character of a text is in two halves");
            }

            text.Append(surrogate);
            bytes = bytes[LongestCharacter..];
        }

        return text.ToString();
    }
}
