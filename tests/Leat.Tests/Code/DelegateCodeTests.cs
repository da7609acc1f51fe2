using System.Linq.Expressions;
using Leat.Code;

namespace Leat.Tests.Code;

public sealed class DelegateCodeTests
{
    [Fact]
    public void A_delegate_made_at_run_time_is_refused()
    {
        Expression<Func<int, int>> tree = x => x + 1;
        var error = Assert.Throws<LeatException>(() => DelegateCode.FingerprintOf(tree.Compile()));
        Assert.Equal("LEAT0050", error.Code);
    }

    [Fact]
    public void A_closure_made_twice_has_one_fingerprint()
    {
        static Func<int, int> Add(int summand) => x => x + summand;
        Assert.Equal(DelegateCode.FingerprintOf(Add(1)), DelegateCode.FingerprintOf(Add(2)));
    }

    [Fact]
    public void A_delegate_of_the_framework_has_a_fingerprint() =>
        Assert.NotEqual(DelegateCode.FingerprintOf((Func<int, int>)Math.Abs), DelegateCode.FingerprintOf((Func<long, long>)Math.Abs));

    [Fact]
    public void Two_combined_are_neither_of_them()
    {
        Action one = () => { }, two = () => Console.Write("");
        Assert.NotEqual(DelegateCode.FingerprintOf(one), DelegateCode.FingerprintOf(one + two));
        Assert.NotEqual(DelegateCode.FingerprintOf(two + one), DelegateCode.FingerprintOf(one + two));
    }

    [Fact]
    public void A_chain_of_calls_may_be_long()
    {
        const int Length = 6_000;
        string members = string.Join('\n', Enumerable.Range(0, Length).Select(i => $"static int M{i}(int i) => {(i + 1 < Length ? $"M{i + 1}(i)" : "i")};"));
        CodeProgram program = CodePair.Lambda("(int x) => M0(x)", members);
        Assert.Equal(Length + 1, program.Explanation().Parts.Length);
    }
}
