using System.Globalization;

namespace Leat.Progress;

/// <summary>Numbers as people read them, the same in every culture, since logs are read by programs too.</summary>
internal static class Quantity
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    public static string Count(long count) => count.ToString("N0", Culture);

    /// <summary>Items a second with three digits: <c>0.25/s</c>, <c>980/s</c>, <c>1.25k/s</c>, <c>3.40M/s</c>.</summary>
    public static string Rate(double rate) => rate switch
    {
        0 => "-",
        < 999.5 => $"{Digits(rate)}/s",
        < 999_500 => $"{Digits(rate / 1e3)}k/s",
        _ => $"{Digits(rate / 1e6)}M/s",
    };

    /// <summary>A short time with three digits: <c>3.40 µs</c>, <c>12.5 ms</c>, <c>2.00 s</c>; a dash where none was measured.</summary>
    public static string Time(TimeSpan time) => time.TotalSeconds switch
    {
        0 => "-",
        < 999.5e-9 => $"{Digits(time.TotalNanoseconds)} ns",
        < 999.5e-6 => $"{Digits(time.TotalMicroseconds)} µs",
        < 999.5e-3 => $"{Digits(time.TotalMilliseconds)} ms",
        _ => $"{Digits(time.TotalSeconds)} s",
    };

    /// <summary>How long something has gone on: <c>12.3 s</c>, <c>2:05 min</c>, <c>1:02:05 h</c>.</summary>
    public static string Elapsed(TimeSpan time) => time.TotalSeconds switch
    {
        < 59.95 => string.Create(Culture, $"{time.TotalSeconds:0.0} s"),
        < 3600 => string.Create(Culture, $"{time:m\\:ss} min"),
        _ => string.Create(Culture, $"{(long)time.TotalHours}:{time:mm\\:ss} h"),
    };

    public static string Name(FlowState state) => state.ToString().ToLowerInvariant();

    private static string Digits(double number) => number switch
    {
        < 9.995 => number.ToString("0.00", Culture),
        < 99.95 => number.ToString("0.0", Culture),
        _ => number.ToString("0", Culture),
    };
}
