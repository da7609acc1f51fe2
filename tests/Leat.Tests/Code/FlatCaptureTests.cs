using Leat.Code;
using Leat.Encoding;

namespace Leat.Tests.Code;

/// <summary>The digest of a lambda is the same whether its code was seen before or not.</summary>
public sealed class FlatCaptureTests
{
    private static readonly int[][] Arrays = [[], [1], [1, 2, 3]];

    [Fact]
    public void Plain_variables_are_written_in_one_go_and_give_the_same_digest()
    {
        Check(Enumerable.Range(0, 5).Select(number => OfNumber(number)), isFlat: true);
        Check(Arrays.Select(array => OfArray(array, array.Length)), isFlat: true);
        Check(new object?[] { null, "text", 3, 2.5, new Version(1, 2) }.Select(OfObject), isFlat: true);
        Check(Enumerable.Range(0, 5).Select(number => OfRecord(new Point(number, 2))), isFlat: true);
    }

    [Fact]
    public void What_is_not_so_plain_is_written_as_ever()
    {
        Check([OfNothing(), OfNothing()], isFlat: false);
        Check(Enumerable.Range(0, 3).Select(number => OfTwoScopes(number)), isFlat: false);
        Check(Enumerable.Range(0, 3).Select(number => OfDelegate(OfNumber(number))), isFlat: false);
        Check(Enumerable.Range(0, 3).Select(number => (Func<int, int>)new Point(number, 1).Scale), isFlat: false);
        Check(Enumerable.Range(0, 3).Select(number => OfNumber(number) + OfNumber(1)), isFlat: false);
    }

    [Fact]
    public void Other_values_give_other_digests()
    {
        Digest[] digests = [.. Enumerable.Range(0, 100).Select(number => CapturedDigest.Of(OfNumber(number), null))];
        Assert.Equal(100, digests.Distinct().Count());
        Assert.Equal(digests[7], CapturedDigest.Of(OfNumber(7), null));
        Assert.NotEqual(CapturedDigest.Of(OfNumber(7), null), CapturedDigest.Of(OfOtherCode(7), null));
    }

    [Fact]
    public void A_value_that_is_refused_is_told_by_its_name_whatever_was_seen_before()
    {
        _ = CapturedDigest.Of(OfObject("text"), null);
        LeatException first = Assert.Throws<LeatException>(() => CapturedDigest.Of(OfObject(new MemoryStream()), null));
        Assert.Contains("'value'", first.Message, StringComparison.Ordinal);
        Assert.Equal(CapturedDigest.OfWhole(OfObject("text"), null), CapturedDigest.Of(OfObject("text"), null));
    }

    private static void Check(IEnumerable<Delegate> functions, bool isFlat)
    {
        foreach (Delegate function in functions)
        {
            Digest whole = CapturedDigest.OfWhole(function, null);
            for (int i = 0; i < 3; i++) Assert.Equal(whole, CapturedDigest.Of(function, null));
            Assert.Equal(isFlat, FlatCapture.Find(function) is not null);
        }
    }

    private static Func<int, int> OfNumber(int number) => x => x + number;

    private static Func<int, int> OfOtherCode(int number) => x => x - number;

    private static Func<int, int> OfArray(int[] numbers, int more) => x => x + numbers.Sum() + more;

    private static Func<int, string> OfObject(object? value) => x => $"{x}{value}";

    private static Func<int, int> OfRecord(Point point) => x => x + point.X;

    private static Func<int, int> OfNothing() => x => x + 1;

    private static Func<int, int> OfTwoScopes(int outer)
    {
        Func<int, int>? made = null;
        for (int i = 0; i < 1; i++)
        {
            int inner = i + 10;
            made = x => x + outer + inner;
        }

        return made!;
    }

    private static Func<int, int> OfDelegate(Func<int, int> other) => x => other(x) + 1;

    private sealed record Point(int X, int Y)
    {
        public int Scale(int factor) => X * factor * Y;
    }
}
