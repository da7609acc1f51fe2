using System.ComponentModel;
using System.Diagnostics;

namespace Leat.Pools;

/// <summary>Slurm's commands, and what they are told by the environment.</summary>
internal static class SlurmCommand
{
    // What would change the form of answers, or what goes through a step's streams; and what sbatch leaves for steps of its own.
    private static readonly string[] Always = ["SLURM_TIME_FORMAT", "SLURM_LABELIO", "SLURM_STDINMODE", "SLURM_STDOUTMODE", "SLURM_STDERRMODE", "SLURM_UNBUFFEREDIO", "SRUN_CPUS_PER_TASK"];

    // Seconds since 1970: times of day are ambiguous when summer time ends.
    private const string TimeFormat = "%s";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>
    /// A program that runs in an allocation itself asks for others, not for steps in its own: nothing of that one may be known to the command. What would
    /// change the form of answers goes as well.
    /// </summary>
    public static void SetEnvironment(ProcessStartInfo info)
    {
        bool isInside = info.Environment.ContainsKey("SLURM_JOB_ID") || info.Environment.ContainsKey("SLURM_JOBID");
        foreach (string variable in info.Environment.Keys.ToArray())
        {
            bool isOfOther = isInside && variable.StartsWith("SLURM", StringComparison.Ordinal) && variable != "SLURM_CONF";
            if (isOfOther || Always.Contains(variable) || variable.StartsWith("SQUEUE_", StringComparison.Ordinal) || variable.StartsWith("SCANCEL_", StringComparison.Ordinal)) info.Environment.Remove(variable);
        }
    }

    /// <summary>Runs a command and says what it has written; null when it has failed.</summary>
    public static async Task<string?> RunAsync(string program, IEnumerable<string> words, CancellationToken cancellationToken)
    {
        ProcessStartInfo info = LinkProcess.Command(program);
        SetEnvironment(info);
        info.Environment["SLURM_TIME_FORMAT"] = TimeFormat;
        foreach (string word in words) info.ArgumentList.Add(word);
        using var process = new Process { StartInfo = info };
        try
        {
            process.Start();
        }
        catch (Exception error) when (error is Win32Exception or InvalidOperationException)
        {
            return null;
        }

        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        giveUp.CancelAfter(Patience);
        try
        {
            Task<string> errors = process.StandardError.ReadToEndAsync(giveUp.Token);
            string said = await process.StandardOutput.ReadToEndAsync(giveUp.Token).ConfigureAwait(false);
            await errors.ConfigureAwait(false);
            await process.WaitForExitAsync(giveUp.Token).ConfigureAwait(false);
            return process.ExitCode == 0 ? said : null;
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            return null;
        }
    }

    /// <summary>Cancels the jobs of a name, if there are any; false when Slurm does not answer.</summary>
    public static async Task<bool> TryCancelAsync(string job) => await RunAsync("scancel", ["--quiet", $"--name={job}"], CancellationToken.None).ConfigureAwait(false) is not null;
}
