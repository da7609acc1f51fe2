namespace Leat.Tests.Tree;

public sealed class HygieneTests
{
    private static IEnumerable<string> Check(string pattern, Func<string, string, IEnumerable<string>> rule) =>
        Repository.Files(".", pattern).SelectMany(file => rule(Repository.Relative(file), File.ReadAllText(file)));

    [Fact]
    public void No_file_is_too_long() => Faults.None(Check("*.cs", Hygiene.TooLong));

    [Fact]
    public void Every_warning_switched_off_in_code_has_a_reason() =>
        Faults.None(Check("*.cs", Hygiene.PragmasWithoutReason).Concat(Check("*.cs", Hygiene.SuppressionsWithoutReason)));

    [Fact]
    public void Every_warning_switched_off_in_a_project_has_a_reason() =>
        Faults.None(new[] { "*.csproj", "*.props", "*.targets" }.SelectMany(pattern => Check(pattern, Hygiene.NoWarnsWithoutReason))
            .Concat(Repository.Files("examples", "*.cs").SelectMany(file => Hygiene.NoWarnsWithoutReason(Repository.Relative(file), File.ReadAllText(file)))));

    [Fact]
    public void Every_rule_switched_off_has_a_reason() => Faults.None(Check(".editorconfig", Hygiene.RulesWithoutReason));

    [Fact]
    public void A_file_over_the_limit_is_found()
    {
        Assert.Empty(Hygiene.TooLong("a.cs", string.Concat(Enumerable.Repeat("x\n", 500))));
        Assert.Single(Hygiene.TooLong("a.cs", string.Concat(Enumerable.Repeat("x\n", 501))));
    }

    [Fact]
    public void A_pragma_without_reason_is_found() => Assert.Equal(
        ["a.cs:6: a warning is switched off without a reason beside it."],
        Hygiene.PragmasWithoutReason("a.cs", """
            #pragma warning disable CA1031 // user code may throw anything
            #pragma warning restore CA1031
            // The caller owns the stream.
            #pragma warning disable CA2000
            int i;
            #pragma warning disable CA2000 //
            """));

    [Fact]
    public void A_suppression_without_reason_is_found() => Assert.Equal(
        ["a.cs:3: a warning is switched off without a reason beside it."],
        Hygiene.SuppressionsWithoutReason("a.cs", """
            [SuppressMessage("Usage", "CA2213",
                Justification = "The caller owns it.")]
            [SuppressMessage("Usage", "CA2213")]
            class It;
            """));

    [Fact]
    public void A_NoWarn_without_reason_is_found() => Assert.Equal(
        ["a.csproj:4: a warning is switched off without a reason beside it.",
            "a.csproj:6: a warning is switched off without a reason beside it."],
        Hygiene.NoWarnsWithoutReason("a.csproj", """
            <!-- Generated code. -->
            <NoWarn>$(NoWarn);CS1591</NoWarn>
            <NoWarn>$(NoWarn);CS1573</NoWarn> <!-- likewise -->
            <NoWarn>$(NoWarn);CS1572</NoWarn>

            #:property NoWarn=NU1603
            // The package is older than the framework.
            #:property NoWarn=NU1603
            """));

    [Fact]
    public void A_rule_without_reason_is_found() => Assert.Equal(
        [".editorconfig:6: CA3 is off without a reason above it.", ".editorconfig:10: CA4 is off without a reason above it."],
        Hygiene.RulesWithoutReason(".editorconfig", """
            # CA1, CA2: because of this
            # and that
            dotnet_diagnostic.CA1.severity = none
            dotnet_diagnostic.CA2.severity = none
            dotnet_diagnostic.CA9.severity = warning
            dotnet_diagnostic.CA3.severity = silent

            # CA4: a reason that is too far away

            dotnet_diagnostic.CA4.severity = none
            """));
}
