using Leat.Encoding;

namespace Leat.Tests.Encoding;

public sealed class DigestTests
{
    private const string OfAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    [Fact]
    public void A_digest_is_the_sha256_of_the_text() => Assert.Equal(OfAbc, Digest.OfText("abc").ToString());

    [Fact]
    public void What_is_printed_is_read_again() => Assert.Equal(Digest.OfText("abc"), Digest.Parse(OfAbc.ToUpperInvariant(), null));

    [Fact]
    public void Digests_are_ordered_as_their_text_is()
    {
        Digest[] some = [.. Enumerable.Range(0, 100).Select(i => Digest.Of([(byte)i]))];
        Assert.Equal(some.OrderBy(each => each.ToString(), StringComparer.Ordinal), some.Order());
    }

    [Theory]
    [InlineData("")]
    [InlineData("ba78")]
    [InlineData(OfAbc + "00")]
    [InlineData("xa7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    public void Anything_else_is_refused(string text)
    {
        Assert.False(Digest.TryParse(text, null, out _));
        Assert.Contains("LEAT0052", Assert.Throws<FormatException>(() => Digest.Parse(text, null)).Message, StringComparison.Ordinal);
    }
}
