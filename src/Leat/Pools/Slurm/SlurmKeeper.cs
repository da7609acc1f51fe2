using System.ComponentModel;
using System.Diagnostics;

namespace Leat.Pools;

/// <summary>A process that outlives the program by a moment, to cancel the jobs that it has left in Slurm's queue.</summary>
internal sealed class SlurmKeeper : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Process process;

    private SlurmKeeper(Process process) => this.process = process;

    /// <summary>Starts it; null where there is no shell.</summary>
    /// <param name="stem">What the names of the jobs start with, ahead of a dot.</param>
    public static SlurmKeeper? TryStart(string stem)
    {
        using var script = new StreamReader(typeof(SlurmKeeper).Assembly.GetManifestResourceStream("Leat.keeper.sh")!);
        ProcessStartInfo info = LinkProcess.Command("sh");
        SlurmCommand.SetEnvironment(info);
        foreach (string word in (string[])["-c", script.ReadToEnd(), "leat-keeper", stem]) info.ArgumentList.Add(word);

        // Whoever ends the program with its group must not end it before it has done its work.
        OwnGroup.TryLead(info);
        try
        {
            return Process.Start(info) is { } started ? new SlurmKeeper(started) : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    /// <summary>Waits until none of the jobs is left, for a while; what has to be done then, it does alone.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await process.StandardInput.WriteLineAsync("over").ConfigureAwait(false);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // Somebody has ended it.
        }

        await process.WaitForExitAsync().WaitAsync(Patience, TimeProvider.System).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        process.Dispose();
    }
}
