namespace Leat.Pools;

/// <summary>Every sentence that sharing tells, in one place.</summary>
internal static class SharingWords
{
    public static string NoSharing(string reason) =>
        $"The cores of this machine are not shared with other runs, because {reason}. This run takes all that it may.";

    public static string NoJobServer(string fault) =>
        $"MAKEFLAGS names a job server that can't be used, because {fault}. The run goes on as without make; a '+' before the command in the makefile lets it take part.";

    public static string TokensMissing(int wanted, int got) => FormattableString.Invariant(
        $"Make lets a piece of work have {Cores(got)} instead of {wanted}: the other jobs of make keep the rest. Such work is started all the same, after a while. Give make more jobs (-j), or ask for fewer cores.");

    public static string Cores(int cores) => cores == 1 ? "1 core" : FormattableString.Invariant($"{cores} cores");

    public static string Memory(long bytes) => FormattableString.Invariant($"{bytes:N0} bytes of memory");
}
