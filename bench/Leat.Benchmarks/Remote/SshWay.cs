namespace Leat.Benchmarks.Remote;

/// <summary>Over ssh, to a server of its own on the loopback interface.</summary>
internal sealed class SshWay : Way
{
    private const string Script = "eng/sshd";

    private readonly string folder;

    private SshWay(string folder)
        : base("ssh", ["ssh", "-F", Path.Combine(folder, "config"), "leat"]) => this.folder = folder;

    private string Cache => Path.Combine(folder, "cache");

    /// <summary>Starts the server; null, and a word on why, where that can't be.</summary>
    public static SshWay? TryOpen()
    {
        string place = Directory.CreateTempSubdirectory("leat-bench-").FullName;
        if (!TryRun(Script, "up", place))
        {
            Console.Error.WriteLine("The cases over ssh are left out: there is no sshd, or this is not the repository's root.");
            return null;
        }

        var way = new SshWay(place);
        File.WriteAllText(Path.Combine(place, "environment"), $"export XDG_CACHE_HOME={way.Cache}\n");
        return way;
    }

    public override Pool Open(int workers) => Pool.Ssh(new RemotePoolOptions { SshArguments = ["-F", Path.Combine(folder, "config")] }, ("leat", workers));

    public override void Forget()
    {
        if (Directory.Exists(Cache)) Directory.Delete(Cache, recursive: true);
    }

    // What ssh gets as words the other shell reads once more.
    protected override string Quoted(string words) => $"'{words}'";

    protected override void Close() => TryRun(Script, "down", folder);
}
