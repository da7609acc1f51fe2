using System.Diagnostics;
using Leat.Tests.Pools.Remote;

namespace Leat.Tests.Pools.Slurm;

/// <summary>A private Slurm with two nodes of two cores on the loopback interface, which this process's commands find by the environment.</summary>
public sealed class SlurmCluster : IDisposable
{
    private const string Configuration = "SLURM_CONF";
    private const string CacheVariable = "XDG_CACHE_HOME";

    private readonly TemporaryDirectory folder = new();
    private readonly string? formerCache = Environment.GetEnvironmentVariable(CacheVariable);

    public SlurmCluster()
    {
        foreach (string tool in (string[])["srun", "slurmctld", "slurmd", "munged"]) Require.Tool(tool);
        Control("up");
        Environment.SetEnvironmentVariable(Configuration, folder["slurm/slurm.conf"]);
        Environment.SetEnvironmentVariable(CacheVariable, Cache);
    }

    /// <summary>The folder that agents keep programs in.</summary>
    public string Cache => folder["cache"];

    public static SlurmOptions Options => new() { Memory = 300L << 20, LongestPause = TimeSpan.FromSeconds(2), GiveUpAfter = TimeSpan.FromSeconds(5), Output = _ => { } };

    internal List<int> Agents() => RemoteProcesses.Agents(Cache);

    internal List<int> Workers() => RemoteProcesses.Workers(Cache);

    /// <summary>Does something with the cluster, in the words of <c>eng/slurm</c>.</summary>
    public void Control(string what, string node = "") => Run(Repository.PathOf("eng/slurm"), [what, folder["slurm"], node]);

    /// <summary>The jobs in the queue, in a format of <c>squeue</c>.</summary>
    public static string[] Queue(string format) => Run("squeue", ["--noheader", $"--format={format}"]).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    public static string Run(string program, params string[] words)
    {
        using var process = Process.Start(new ProcessStartInfo(program, words) { RedirectStandardOutput = true, UseShellExecute = false })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, output);
        return output;
    }

    public void Dispose()
    {
        Control("down");
        Environment.SetEnvironmentVariable(Configuration, null);
        Environment.SetEnvironmentVariable(CacheVariable, formerCache);
        foreach (int id in RemoteProcesses.All(Cache)) Children.Kill(id);
        folder.Dispose();
    }
}
