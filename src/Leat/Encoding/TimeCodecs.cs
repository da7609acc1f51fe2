namespace Leat.Encoding;

/// <summary>Ticks and kind in one number: two of another kind are equal to .NET, but mean different moments.</summary>
internal sealed class DateTimeCodec : Codec<DateTime>
{
    private const int KindShift = 62;
    private const ulong TickBits = (1UL << KindShift) - 1;

    public override int Smallest => sizeof(ulong);

    public override void Write(EncodingWriter writer, DateTime value) => writer.Write((ulong)value.Ticks | ((ulong)value.Kind << KindShift));

    public override DateTime Read(EncodingReader reader)
    {
        ulong bits = reader.Read<ulong>();
        ulong ticks = bits & TickBits;
        ulong kind = bits >> KindShift;
        return ticks <= (ulong)DateTime.MaxValue.Ticks && kind <= (ulong)DateTimeKind.Local
            ? new DateTime((long)ticks, (DateTimeKind)kind)
            : throw reader.Damaged("there is no such time");
    }
}

/// <summary>The local time's ticks and the offset in minutes.</summary>
internal sealed class DateTimeOffsetCodec : Codec<DateTimeOffset>
{
    public override int Smallest => sizeof(long) + sizeof(short);

    public override void Write(EncodingWriter writer, DateTimeOffset value)
    {
        writer.Write(value.Ticks);
        writer.Write((short)value.TotalOffsetMinutes);
    }

    public override DateTimeOffset Read(EncodingReader reader)
    {
        long ticks = reader.Read<long>();
        short minutes = reader.Read<short>();
        try
        {
            return new DateTimeOffset(ticks, TimeSpan.FromMinutes(minutes));
        }
        catch (ArgumentException)
        {
            throw reader.Damaged("there is no such time");
        }
    }
}

internal sealed class DateOnlyCodec : Codec<DateOnly>
{
    public override int Smallest => sizeof(int);

    public override void Write(EncodingWriter writer, DateOnly value) => writer.Write(value.DayNumber);

    public override DateOnly Read(EncodingReader reader)
    {
        int day = reader.Read<int>();
        return day >= 0 && day <= DateOnly.MaxValue.DayNumber ? DateOnly.FromDayNumber(day) : throw reader.Damaged("there is no such day");
    }
}

internal sealed class TimeOnlyCodec : Codec<TimeOnly>
{
    public override int Smallest => sizeof(long);

    public override void Write(EncodingWriter writer, TimeOnly value) => writer.Write(value.Ticks);

    public override TimeOnly Read(EncodingReader reader)
    {
        long ticks = reader.Read<long>();
        return ticks >= 0 && ticks <= TimeOnly.MaxValue.Ticks ? new TimeOnly(ticks) : throw reader.Damaged("there is no such time of day");
    }
}
