using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Leat.Storage;

/// <summary>The body of a record in a journal: numbers in fixed places, four texts, the state.</summary>
internal static class RecordForm
{
    /// <summary>Bytes ahead of the first text.</summary>
    public const int FixedSize = 40;

    /// <summary>The most bytes of a body.</summary>
    public const int Largest = 256 * 1024 * 1024;

    private const int AttemptsAt = 4, StartedAt = 8, TimeAt = 16, LengthsAt = 24;
    private const int Texts = 4;

    private static readonly System.Text.UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>How many bytes a record takes.</summary>
    /// <exception cref="ArgumentException">It can't be kept.</exception>
    public static int SizeOf(LedgerRecord record)
    {
        ArgumentException.ThrowIfNullOrEmpty(record.Job);
        if (record.Kind is < LedgerKind.Succeeded or > LedgerKind.Forgotten) throw LedgerErrors.BadRecord(record, "it has no kind that there is");
        if (record.Time < TimeSpan.Zero || record.Attempts < 0) throw LedgerErrors.BadRecord(record, "its time or number of attempts is negative");
        long size;
        try
        {
            size = FixedSize + (long)Strict.GetByteCount(record.Job) + Strict.GetByteCount(record.Run)
                + Strict.GetByteCount(record.Machine) + Strict.GetByteCount(record.Message) + record.State.Length;
        }
        catch (System.Text.EncoderFallbackException)
        {
            throw LedgerErrors.BadRecord(record, "one of its texts has half of a surrogate pair");
        }
        return size <= Largest ? (int)size : throw LedgerErrors.BadRecord(record, FormattableString.Invariant($"it has {size} bytes, and may have {Largest}"));
    }

    public static void Write(LedgerRecord record, Span<byte> body)
    {
        body[..FixedSize].Clear();
        body[0] = (byte)record.Kind;
        BinaryPrimitives.WriteInt32LittleEndian(body[AttemptsAt..], record.Attempts);
        BinaryPrimitives.WriteInt64LittleEndian(body[StartedAt..], record.Started.UtcTicks);
        BinaryPrimitives.WriteInt64LittleEndian(body[TimeAt..], record.Time.Ticks);
        int at = FixedSize;
        ReadOnlySpan<string> texts = [record.Job, record.Run, record.Machine, record.Message];
        for (int i = 0; i < Texts; i++)
        {
            int length = Strict.GetBytes(texts[i], body[at..]);
            BinaryPrimitives.WriteInt32LittleEndian(body[(LengthsAt + (4 * i))..], length);
            at += length;
        }
        record.State.Span.CopyTo(body[at..]);
    }

    /// <summary>Whether a body whose checksum is right is one that this Leat can read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool IsSound(ReadOnlySpan<byte> body)
    {
        if (body.Length < FixedSize || KindOf(body) is < LedgerKind.Succeeded or > LedgerKind.Forgotten) return false;
        long rest = body.Length - FixedSize;
        for (int i = 0; i < Texts; i++)
        {
            int length = TextLength(body, i);
            if (length < 0 || (i == 0 && length == 0)) return false;
            rest -= length;
        }
        return rest >= 0
            && (ulong)BinaryPrimitives.ReadInt64LittleEndian(body[StartedAt..]) <= (ulong)DateTime.MaxValue.Ticks
            && BinaryPrimitives.ReadInt64LittleEndian(body[TimeAt..]) >= 0;
    }

    public static LedgerKind KindOf(ReadOnlySpan<byte> body) => (LedgerKind)body[0];

    /// <summary>The job of a body that is sound, as it stands there.</summary>
    public static ReadOnlySpan<byte> JobOf(ReadOnlySpan<byte> body) => body.Slice(FixedSize, TextLength(body, 0));

    /// <summary>The job of a body that was cut off, as far as that can be told.</summary>
    public static string? GuessJob(ReadOnlySpan<byte> body)
    {
        if (body.Length < FixedSize || TextLength(body, 0) is not (> 0 and int length) || length > body.Length - FixedSize) return null;
        return System.Text.Encoding.UTF8.GetString(body.Slice(FixedSize, length));
    }

    /// <summary>Reads a body that is sound; the state is not copied.</summary>
    public static LedgerRecord Read(ReadOnlyMemory<byte> memory)
    {
        ReadOnlySpan<byte> body = memory.Span;
        int run = FixedSize + TextLength(body, 0);
        int machine = run + TextLength(body, 1);
        int message = machine + TextLength(body, 2);
        int state = message + TextLength(body, 3);
        return new LedgerRecord
        {
            Job = Text(body[FixedSize..run]),
            Run = Text(body[run..machine]),
            Kind = KindOf(body),
            Started = new DateTimeOffset(BinaryPrimitives.ReadInt64LittleEndian(body[StartedAt..]), TimeSpan.Zero),
            Time = new TimeSpan(BinaryPrimitives.ReadInt64LittleEndian(body[TimeAt..])),
            Attempts = BinaryPrimitives.ReadInt32LittleEndian(body[AttemptsAt..]),
            Machine = Text(body[machine..message]),
            Message = Text(body[message..state]),
            State = memory[state..],
        };
    }

    /// <summary>The state in a body that is sound, which is not copied, and the time.</summary>
    public static ReadOnlyMemory<byte> StateOf(ReadOnlyMemory<byte> memory, out TimeSpan time)
    {
        ReadOnlySpan<byte> body = memory.Span;
        time = new TimeSpan(BinaryPrimitives.ReadInt64LittleEndian(body[TimeAt..]));
        return memory[(FixedSize + TextLength(body, 0) + TextLength(body, 1) + TextLength(body, 2) + TextLength(body, 3))..];
    }

    private static string Text(ReadOnlySpan<byte> bytes) => System.Text.Encoding.UTF8.GetString(bytes);

    private static int TextLength(ReadOnlySpan<byte> body, int index) => BinaryPrimitives.ReadInt32LittleEndian(body[(LengthsAt + (4 * index))..]);
}
