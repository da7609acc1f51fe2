using System.ComponentModel;
using System.Diagnostics;

namespace Leat.Pools;

/// <summary>
/// The allocation of a cluster that there is for an agent alone. Where all that had asked for it is gone, nobody would give it back: the end of its
/// only step does not end it.
/// </summary>
internal static class OwnAllocation
{
    /// <summary>Set to <c>own</c> for an agent that has an allocation for itself.</summary>
    public const string Variable = "LEAT_ALLOCATION";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static string? job;

    /// <summary>Notes it, and keeps it from those that this process starts.</summary>
    public static void Take()
    {
        if (Environment.GetEnvironmentVariable(Variable) == "own") job = Environment.GetEnvironmentVariable("SLURM_JOB_ID");
        Environment.SetEnvironmentVariable(Variable, null);
    }

    /// <summary>Gives it back, if there is one. This process is ended by that.</summary>
    public static void GiveBack()
    {
        if (job is null) return;
        try
        {
            using Process? cancel = Process.Start(new ProcessStartInfo("scancel", ["--quiet", job]) { UseShellExecute = false });
            cancel?.WaitForExit(Patience);
        }
        catch (Win32Exception)
        {
            // Then it lasts until its time is over.
        }
    }
}
