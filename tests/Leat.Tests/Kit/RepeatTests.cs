namespace Leat.Tests.Kit;

public sealed class RepeatTests
{
    [Theory]
    [InlineData(null, 3)]
    [InlineData("", 3)]
    [InlineData("50", 50)]
    public void The_variable_wins_over_the_usual_number(string? variable, int times) =>
        Assert.Equal(times, Repeat.Times(variable, usual: 3));

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("many")]
    public void A_variable_that_is_no_number_is_told(string variable) =>
        Assert.Throws<FormatException>(() => Repeat.Times(variable, usual: 3));
}
