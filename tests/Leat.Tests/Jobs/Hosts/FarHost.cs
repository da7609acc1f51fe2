using System.Diagnostics;
using System.Runtime.Versioning;
using Leat.Tests.Pools;
using Leat.Tests.Pools.Remote;

namespace Leat.Tests.Jobs.Hosts;

/// <summary>A machine that does not see a folder of this one: its processes have a mount namespace of their own, with something else in the folder's place.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class FarHost : IDisposable
{
    private readonly TemporaryDirectory folder = new();
    private readonly string command;

    /// <summary>Makes one.</summary>
    /// <param name="hidden">The folder that it does not see.</param>
    public FarHost(string hidden)
    {
        string unshare = Require.Tool("unshare");
        using (Process process = Process.Start(new ProcessStartInfo(unshare, ["-m", "true"]) { RedirectStandardError = true, UseShellExecute = false })!)
        {
            process.WaitForExit();
            if (process.ExitCode != 0) Require.Miss("unshare", $"Mount namespaces are not permitted: {process.StandardError.ReadToEnd()}");
        }

        string script = folder.Write("far", $"#!/bin/sh\nexport XDG_CACHE_HOME={Cache}\nmount -t tmpfs none {hidden} || exit 9\nexec \"$@\"\n");
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        command = $"{unshare} -m {script} {{worker}}";
    }

    public string Cache => folder["cache"];

    /// <summary>The contents that it keeps, the smallest first.</summary>
    public List<FileInfo> Kept() => [.. new DirectoryInfo(Path.Combine(Cache, "leat", "data")).EnumerateFiles("*", SearchOption.AllDirectories).OrderBy(file => file.Length)];

    /// <summary>The private folders of jobs that are there.</summary>
    public string[] Work() => Directory.GetDirectories(Path.Combine(Cache, "leat", "work", Environment.MachineName));

    public Pool Pool(int workers) => Leat.Pool.Command(command, workers, new RemotePoolOptions { Output = _ => { }, LongestPause = TimeSpan.FromSeconds(1) });

    public void Dispose()
    {
        foreach (int id in RemoteProcesses.All(Cache)) Children.Kill(id);
        folder.Dispose();
    }
}
