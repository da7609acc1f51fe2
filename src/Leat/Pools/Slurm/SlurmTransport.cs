using System.Diagnostics;
using System.Globalization;

namespace Leat.Pools;

/// <summary>One <c>srun</c>, which asks for an allocation, waits for it, and starts its only step, the agent.</summary>
internal sealed class SlurmTransport(string job, int number, SlurmOptions options) : IHostTransport
{
    private const string Mark = "leat-allocation ";
    private const string NumberStart = " (job ";
    private const long MiB = 1024 * 1024;

    private string name = string.Create(CultureInfo.InvariantCulture, $"allocation {number}");

    /// <summary>The node and the number of the job; before it has them, a number among those of the pool.</summary>
    public string Name => Volatile.Read(ref name);

    /// <summary>The node; before it has one, what <see cref="Name"/> is.</summary>
    public static string NodeOf(string name) => name.IndexOf(NumberStart, StringComparison.Ordinal) is > 0 and var end ? name[..end] : name;

    /// <summary>How the allocation has ended, where <c>srun</c> has said so; null where it has not.</summary>
    public AgentEnd? End { get; private set; }

    public bool IsQueued => true;

    public ProcessStartInfo Create(IReadOnlyList<string> loader, TimeSpan patience)
    {
        ProcessStartInfo info = LinkProcess.Command("srun");
        SlurmCommand.SetEnvironment(info);
        void Add(string option, IFormattable value) => info.ArgumentList.Add(string.Create(CultureInfo.InvariantCulture, $"--{option}={value}"));
        foreach (string word in (string[])["-N1", "-n1", "--unbuffered", "--mpi=none", $"--job-name={job}"]) info.ArgumentList.Add(word);
        if (options.Cores != Cores.All) Add("cpus-per-task", options.Workers * options.Cores);
        if (options.Memory > 0) info.ArgumentList.Add(string.Create(CultureInfo.InvariantCulture, $"--mem={((options.Workers * options.Memory) + MiB - 1) / MiB}M"));
        if (options.Time is { } time) Add("time", (long)Math.Ceiling(time.TotalMinutes));
        if (options.Gpus > 0) info.ArgumentList.Add(string.Create(CultureInfo.InvariantCulture, $"--gres=gpu:{options.Workers * options.Gpus}"));
        if (options.Partition is { } partition) info.ArgumentList.Add($"--partition={partition}");
        if (options.Account is { } account) info.ArgumentList.Add($"--account={account}");
        foreach (string word in options.Extra) info.ArgumentList.Add(word);
        info.ArgumentList.Add("sh");
        info.ArgumentList.Add("-c");
        info.ArgumentList.Add($"printf '\\n{Mark}%s %s\\n' \"$SLURM_JOB_ID\" \"$SLURMD_NODENAME\"; export {OwnAllocation.Variable}=own; exec \"$@\"");
        info.ArgumentList.Add("sh");
        foreach (string word in loader) info.ArgumentList.Add(word);
        return info;
    }

    public void OnReached(string said)
    {
        string? line = said.Split('\n').FirstOrDefault(line => line.StartsWith(Mark, StringComparison.Ordinal));
        if (line?[Mark.Length..].Split(' ') is [var id, var node]) Volatile.Write(ref name, $"{node}{NumberStart}{id})");
    }

    public LeatException? Explain(int exitCode, string command, string errors) =>
        SlurmEnds.IsUnreachable(errors) ? SlurmErrors.Unreachable(command, errors)
        : SlurmEnds.Of(errors) is { } end ? SlurmErrors.Ended(Name, end.Reason, command, errors)
        : SlurmEnds.IsRefusal(errors) ? SlurmErrors.Refused(command, errors)
        : null;

    public AgentEnd? ExplainEnd(string errors) => End = SlurmEnds.Of(errors);
}
