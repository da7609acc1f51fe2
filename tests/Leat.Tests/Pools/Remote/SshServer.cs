using System.Diagnostics;
using System.Globalization;

namespace Leat.Tests.Pools.Remote;

/// <summary>A private ssh server on the loopback interface, or in a network namespace, and the processes of agents and workers that came by it.</summary>
public sealed class SshServer : IDisposable
{
    private readonly TemporaryDirectory folder = new();

    public SshServer()
        : this(null)
    {
    }

    internal SshServer(NetworkNamespace? network)
    {
        Require.Tool("ssh");
        Require.Tool("sshd");
        if (network is not null)
        {
            folder.Write("server/address", network.Address);
            folder.Write("server/namespace", network.Name);
        }

        Run("up");
        Environment("");
    }

    /// <summary>The configuration with which <c>ssh</c> finds it, as the hosts <c>leat</c>, <c>leat2</c> and <c>leat3</c>.</summary>
    public RemotePoolOptions Options => new() { SshArguments = ["-F", folder["server/config"]], Output = _ => { } };

    /// <summary>The folder that agents keep programs in.</summary>
    public string Cache => folder["cache"];

    /// <summary>What the login shell does ahead of the command.</summary>
    public void Environment(string script) => folder.Write("server/environment", $"export XDG_CACHE_HOME={Cache}\n{script}\n");

    /// <summary>The configuration with another name for the host.</summary>
    internal string ConfigOf(string name) => File.ReadAllText(this["config"]).Replace("Host leat leat2 leat3 localhost", $"Host {name}", StringComparison.Ordinal);

    public string this[string file] => folder["server/" + file];

    public void Start() => Run("up");

    /// <summary>Ends the server, and all connections at once.</summary>
    public void Stop() => Run("stop");

    public Pool Pool(int workers = 2, RemotePoolOptions? options = null) => Leat.Pool.Ssh(options ?? Options, ("leat", workers));

    /// <summary>The agents that run: what was started from the cache, by something that was not.</summary>
    internal List<int> Agents() => RemoteProcesses.Agents(Cache);

    /// <summary>The workers that run: what agents have started.</summary>
    internal List<int> Workers() => RemoteProcesses.Workers(Cache);

    public void Dispose()
    {
        Run("down");
        foreach (int id in RemoteProcesses.All(Cache)) Children.Kill(id);
        folder.Dispose();
    }

    private void Run(string what)
    {
        using var process = Process.Start(new ProcessStartInfo(Repository.PathOf("eng/sshd"), [what, folder["server"]]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, output);
    }
}

/// <summary>The processes that were started from a cache of programs.</summary>
internal static class RemoteProcesses
{
    public static List<int> All(string cache) =>
    [
        .. Directory.GetDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int id) ? id : 0)
            .Where(id => id > 0 && Text(id, "cmdline").Contains(cache + "/leat/programs/", StringComparison.Ordinal)),
    ];

    public static List<int> Agents(string cache)
    {
        HashSet<int> all = [.. All(cache)];
        return [.. all.Where(id => !all.Contains(Children.ParentOf(id)))];
    }

    public static List<int> Workers(string cache)
    {
        List<int> agents = Agents(cache);
        return [.. All(cache).Except(agents)];
    }

    /// <summary>The ways to hosts that this process has open.</summary>
    public static List<int> Links() => [.. Children.Of(Environment.ProcessId).Where(id => Path.GetFileName(Text(id, "cmdline").Split('\0')[0]) == "ssh")];

    /// <summary>Waits until none is left.</summary>
    public static async Task AssertNoneAsync(string cache, TimeSpan patience)
    {
        long start = Stopwatch.GetTimestamp();
        while (All(cache) is { Count: > 0 } left)
        {
            if (Stopwatch.GetElapsedTime(start) > patience) Assert.Fail($"After {patience} there still are {string.Join(", ", left)}.");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
    }

    private static string Text(int id, string file)
    {
        try
        {
            return File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/{file}"));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
