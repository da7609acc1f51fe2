using System.Diagnostics;
using System.Globalization;

namespace Leat.Tests.Pools.Remote;

/// <summary>A disk of a few megabytes, in memory, that can be filled: then it has neither room nor names for another file, and no place for temporary ones.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly TemporaryDirectory folder = new();
    private readonly List<string> fill = [];

    public SmallDisk()
    {
        Require.Tool("mount");
        Require.Tool("umount");
        if (!TryRun("mount", out string errors, "-t", "tmpfs", "-o", "size=128m,nr_inodes=4096", "none", folder.Path)) Require.Miss("mount", $"A disk can't be mounted: {errors}");
        Directory.CreateDirectory(folder["tmp"]);
        Directory.CreateDirectory(folder["cache"]);
    }

    /// <summary>What the login shell of a host does that has this disk only.</summary>
    public string Environment => $"export XDG_CACHE_HOME={Cache} TMPDIR={folder["tmp"]}";

    /// <summary>The folder that agents keep programs in.</summary>
    public string Cache => folder["cache"];

    public void Fill()
    {
        byte[] block = new byte[1 << 20];
        string large = folder["fill"];
        fill.Add(large);
        try
        {
            using FileStream stream = File.Create(large);
            while (true) stream.Write(block);
        }
        catch (IOException)
        {
            // No room.
        }

        try
        {
            while (true)
            {
                string name = folder[string.Create(CultureInfo.InvariantCulture, $"fill{fill.Count}")];
                File.Create(name).Dispose();
                fill.Add(name);
            }
        }
        catch (IOException)
        {
            // No names.
        }

        // What ends gives names back: without the folder none of them is of any use for a socket.
        Directory.Move(folder["tmp"], folder["old"]);
    }

    public void MakeRoom()
    {
        foreach (string file in fill) File.Delete(file);
        fill.Clear();
        Directory.Move(folder["old"], folder["tmp"]);
    }

    public void Dispose()
    {
        // What still runs there keeps it until it ends.
        TryRun("umount", out _, "--lazy", folder.Path);
        folder.Dispose();
    }

    private static bool TryRun(string program, out string errors, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Require.Tool(program), arguments) { RedirectStandardError = true, UseShellExecute = false })!;
        errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
