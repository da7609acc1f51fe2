namespace Leat.Progress.Tests;

public sealed class QuantityTests
{
    [Theory]
    [InlineData(0, "-")]
    [InlineData(0.25, "0.25/s")]
    [InlineData(9.994, "9.99/s")]
    [InlineData(9.996, "10.0/s")]
    [InlineData(99.94, "99.9/s")]
    [InlineData(99.96, "100/s")]
    [InlineData(999.4, "999/s")]
    [InlineData(999.6, "1.00k/s")]
    [InlineData(12_345, "12.3k/s")]
    [InlineData(999_600, "1.00M/s")]
    [InlineData(123_456_789, "123M/s")]
    [InlineData(1_234_567_890, "1235M/s")]
    public void A_rate_has_three_digits(double rate, string text) => Assert.Equal(text, Quantity.Rate(rate));

    [Theory]
    [InlineData(0, "-")]
    [InlineData(100, "100 ns")]
    [InlineData(900, "900 ns")]
    [InlineData(1_000, "1.00 µs")]
    [InlineData(41_500, "41.5 µs")]
    [InlineData(999_600, "1.00 ms")]
    [InlineData(3_456_000, "3.46 ms")]
    [InlineData(999_600_000, "1.00 s")]
    [InlineData(75_000_000_000, "75.0 s")]
    public void A_short_time_has_three_digits(long nanoseconds, string text) =>
        Assert.Equal(text, Quantity.Time(TimeSpan.FromTicks(nanoseconds / 100)));

    [Theory]
    [InlineData(0, "0.0 s")]
    [InlineData(0.04, "0.0 s")]
    [InlineData(12.34, "12.3 s")]
    [InlineData(59.94, "59.9 s")]
    [InlineData(59.96, "0:59 min")]
    [InlineData(125, "2:05 min")]
    [InlineData(3_599, "59:59 min")]
    [InlineData(3_725, "1:02:05 h")]
    [InlineData(100_000, "27:46:40 h")]
    public void A_long_time_is_read_as_on_a_watch(double seconds, string text) =>
        Assert.Equal(text, Quantity.Elapsed(TimeSpan.FromSeconds(seconds)));
}
