using System.Globalization;

namespace Leat.Pools;

/// <summary>Every error of pools on a Slurm cluster, made in one place; <c>docs/errors.md</c> explains each.</summary>
internal static class SlurmErrors
{
    /// <summary>Of what may be over in a while.</summary>
    public const string UnreachableCode = "LEAT0231";

    /// <summary>Likewise.</summary>
    public const string EndedCode = "LEAT0232";

    private const string RefusedCode = "LEAT0230";
    private const string NeverRunsCode = "LEAT0233";

    /// <summary>True for what Slurm would not give at another time either.</summary>
    public static bool IsRefusal(LeatException error) => error.Code is RefusedCode or NeverRunsCode;

    public static LeatException Refused(string command, string errors) =>
        new(RefusedCode, $"Slurm refuses what the pool asks for.{Quote(command, errors)} Check the partition, the account and the resources in SlurmOptions; sinfo tells what there is.");

    public static LeatException NeverRuns(string name, string reason) =>
        new(NeverRunsCode, $"Slurm would let {name} wait for ever: '{reason}'. Check the partition, the account, the time and the resources in SlurmOptions; sinfo tells what there is.");

    public static LeatException Unreachable(string command, string errors) =>
        new(UnreachableCode, $"Slurm's controller can't be reached; it is tried again.{Quote(command, errors)}");

    public static LeatException Ended(string name, string how, string command, string errors) =>
        new(EndedCode, $"{name} has ended before a worker was there: {how}.{Quote(command, errors)}");

    public static LeatException Silent(string name, TimeSpan time) =>
        new(EndedCode, string.Create(CultureInfo.InvariantCulture, $"{name} was there for {time.TotalSeconds:0} s without a word of its agent, and is given back. ConnectTimeout in SlurmOptions is half of that time."));

    public static ArgumentOutOfRangeException OutOfRange(string option, object value, string range) =>
        new(option, value, Text("LEAT0234", $"SlurmOptions.{option} must be {range}."));

    private static string Text(string code, string message) => $"{code}: {message}";

    private static string Quote(string command, string errors) =>
        $"{(errors.Length == 0 ? " srun said nothing." : $" srun said:\n{errors}")}\nThe command was: {command}\n";
}
