using System.Globalization;

namespace Leat.Tests.Jobs.Hosts;

/// <summary>A control group of the system's in which processes have little memory: one that takes more is ended by the kernel.</summary>
internal sealed class MemoryGroup : IDisposable
{
    private const string First = "/sys/fs/cgroup/memory";
    private const string Second = "/sys/fs/cgroup";

    private readonly string folder;

    public MemoryGroup(long bytes)
    {
        bool isFirst = Directory.Exists(First);
        folder = Path.Combine(isFirst ? First : Second, $"leat-test-{Guid.NewGuid():N}");
        try
        {
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, isFirst ? "memory.limit_in_bytes" : "memory.max"), bytes.ToString(CultureInfo.InvariantCulture));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Require.Miss("cgroup", $"A control group with a limit of memory can't be made: {error.Message}");
        }
    }

    /// <summary>The file that takes the numbers of its processes.</summary>
    public string Members => Path.Combine(folder, "cgroup.procs");

    /// <summary>Puts this process into a group, and takes more memory than that allows.</summary>
    public static void Exceed(string members)
    {
        File.WriteAllText(members, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        var much = new List<byte[]>();
        while (true)
        {
            much.Add(new byte[16 << 20]);
            Array.Fill(much[^1], (byte)1);
        }
    }

    public void Dispose()
    {
        try
        {
            if (Directory.Exists(folder)) Directory.Delete(folder);
        }
        catch (IOException)
        {
            // Somebody is still in it.
        }
    }
}
