using System.Runtime.Versioning;
using Leat.Tests.Streams;

namespace Leat.Tests.Pools.Remote;

/// <summary>How a program comes to another machine: what is kept there, in what shells, and what is refused.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class LoaderTests : IDisposable
{
    private static readonly RemotePoolOptions Quiet = new() { Output = _ => { } };

    private readonly TemporaryDirectory folder = new();

    private string Cache => folder["home/.cache/leat"];

    [Fact(Timeout = 60_000)]
    public async Task It_needs_no_more_than_dash_and_the_usual_commands() => await RunAsync(Host());

    [Fact(Timeout = 60_000)]
    public async Task It_needs_no_more_than_busybox()
    {
        string busybox = Require.Tool("busybox");
        string bin = Directory.CreateDirectory(folder["bin"]).FullName;
        foreach (string applet in (string[])["sh", "cat", "chmod", "cp", "cut", "dd", "df", "env", "find", "ln", "mkdir", "mv", "printf", "readlink", "rm", "sed", "sha256sum", "tail", "touch", "tr", "uname", "wc"])
        {
            File.CreateSymbolicLink(Path.Combine(bin, applet), busybox);
        }

        await RunAsync($"env -i HOME={folder["home"]} PATH={bin} {{worker}}");
        await RunAsync($"env -i HOME={folder["home"]} PATH={bin} {{worker}}");
    }

    [Fact(Timeout = 60_000)]
    public async Task Files_are_sent_once_and_those_that_were_spoilt_again()
    {
        await RunAsync(Host());
        string[] files = Directory.GetFiles(Path.Combine(Cache, "files"));
        string program = Assert.Single(Directory.GetDirectories(Path.Combine(Cache, "programs")));
        string leat = Path.Combine(program, "Leat.dll");
        DateTime written = File.GetLastWriteTimeUtc(leat);
        await RunAsync(Host());
        Assert.Equal(written, File.GetLastWriteTimeUtc(leat));

        // One is too short, one is another, one is gone; each in the cache and in the program.
        byte[] right = await File.ReadAllBytesAsync(leat);
        foreach ((string name, byte[] content) in new[] { ("Leat.dll", right[..1000]), ("Leat.Tests.deps.json", "{}"u8.ToArray()) })
        {
            string file = Path.Combine(program, name);
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            await File.WriteAllBytesAsync(file, content);
        }

        File.Delete(Path.Combine(program, "Leat.TestKit.dll"));
        await RunAsync(Host());
        Assert.Equal(right, await File.ReadAllBytesAsync(leat));
        Assert.Equal(files.Order(), Directory.GetFiles(Path.Combine(Cache, "files")).Order());
        Assert.Single(Directory.GetDirectories(Path.Combine(Cache, "programs")));
        Assert.Empty(Directory.GetDirectories(Cache, "load.*"));
    }

    [Fact(Timeout = 60_000)]
    public async Task Several_agents_may_fill_a_cache_at_once()
    {
        await using Pool pool = Pool.Combine([.. Enumerable.Range(0, 3).Select(_ => Pool.Command(Host(), 1, Quiet with { Output = Fail }))]);
        Stage<int, int> rest = Stage.Map((int item) =>
        {
            Thread.Sleep(20);
            return item;
        }).On(pool);
        Assert.Equal(Enumerable.Range(0, 300), await (Enumerable.Range(0, 300) | rest).ToListAsync());
        Assert.Single(Directory.GetDirectories(Path.Combine(Cache, "programs")));

        static void Fail(WorkerOutput output) => throw new InvalidOperationException(output.Text);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_was_not_used_for_a_month_is_removed()
    {
        string old = folder.Write("home/.cache/leat/programs/old/a.dll", "");
        string file = folder.Write("home/.cache/leat/files/old", "");
        string young = folder.Write("home/.cache/leat/files/young", "");
        DateTime past = TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(-40);
        File.SetLastWriteTimeUtc(file, past);
        Directory.SetLastWriteTimeUtc(Path.GetDirectoryName(old)!, past);
        await RunAsync(Host());
        await Eventually.TrueAsync(() => !File.Exists(file) && !File.Exists(old), () => "The old files are still there.");
        Assert.True(File.Exists(young));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("echo Welcome.")]
    [InlineData("echo Welcome; printf 'to this host'")]
    [InlineData("printf '\\033[1m\\r\\n'; seq 1000")]
    public async Task What_a_login_shell_writes_does_no_harm(string noise) => await RunAsync(Host($"{noise}; exec \"$@\""));

    [Theory(Timeout = 60_000)]
    [InlineData("echo No such host.; echo Try another. >&2; exit 7", "LEAT0206: The host 'env' did not answer as it should: a POSIX shell with the usual commands has to start there. It wrote:\nNo such host. It said:\nTry another.\n")]
    [InlineData("echo Hello; exec sleep 100", "LEAT0207: The host 'env' has not answered within 1 s, when it was to be reached.")]
    [InlineData("PATH=$FAKE:$PATH exec \"$@\"", "LEAT0204: The host 'env' is another kind of machine: it is Plan9 on Plan9, and this program runs on Linux on ")]
    [InlineData("XDG_CACHE_HOME=/proc/nowhere exec \"$@\"", "LEAT0205: The program's files can't be kept on the host 'env', in /proc/nowhere/leat: mkdir: ")]
    [InlineData("TMPDIR=/proc/nowhere exec \"$@\"", "LEAT0220: A worker process could not be started on the host 'env': LEAT0068: ")]
    public async Task What_speaks_against_a_host_is_told(string shell, string message)
    {
        Fake("uname", "echo Plan9");
        await using Pool pool = Pool.Command(Host(shell), 1, Quiet with { ConnectTimeout = TimeSpan.FromSeconds(1) });
        AssertSays(message, await SshPoolTests.FaultAsync(pool));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_host_without_NET_is_refused()
    {
        await using Pool pool = Pool.Command(WithMount($"mount -t tmpfs none {DotnetFolder}"), 1, Quiet);
        AssertSays("LEAT0203: The host 'unshare' has no Microsoft.NETCore.App 10.0, which this program needs: no dotnet was found in PATH", await SshPoolTests.FaultAsync(pool));
    }

    [Fact(Timeout = 60_000)]
    public async Task An_agent_that_does_not_start_is_told_with_what_it_said()
    {
        Fake("dotnet", $"[ \"$1\" = --list-runtimes ] && exec {DotnetFolder}/dotnet \"$@\"\necho It is broken. >&2\nexit 5");
        await using Pool pool = Pool.Command(Host("PATH=$FAKE:$PATH exec \"$@\""), 1, Quiet);
        AssertSays("LEAT0208: The agent on the host 'env' did not start: ", await SshPoolTests.FaultAsync(pool));
        AssertSays(" It said:\nIt is broken.\nThe command was: ", await SshPoolTests.FaultAsync(pool));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_host_with_another_NET_is_refused_and_what_it_has_is_told()
    {
        string dotnet = Fake("dotnet", "echo 'Microsoft.NETCore.App 8.0.3 [/a]'; echo 'Microsoft.NETCore.App 11.0.0 [/a]'");
        await using Pool pool = Pool.Command(WithMount($"mount -t tmpfs none {DotnetFolder}; PATH={Path.GetDirectoryName(dotnet)}:$PATH"), 1, Quiet);
        AssertSays($"{dotnet} has Microsoft.NETCore.App 8.0.3, Microsoft.NETCore.App 11.0.0.", await SshPoolTests.FaultAsync(pool));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("true", "KiB have to be sent, and ")]
    [InlineData("PATH=$FAKE:$PATH", "writing there failed; df says: ")]
    public async Task A_full_disk_is_told_whether_it_says_so_ahead_or_not(string lie, string message)
    {
        Fake("df", "echo 'none 100000000 0 100000000 0% /'");
        Directory.CreateDirectory(Cache);
        await using Pool pool = Pool.Command(WithMount($"mount -t tmpfs -o size=1m none {Cache}; {lie}"), 1, Quiet);
        string fault = await SshPoolTests.FaultAsync(pool);
        AssertSays("LEAT0205: The program's files can't be kept on the host 'unshare', in ", fault);
        AssertSays(message, fault);
    }

    [Theory]
    [InlineData("docker run image", "LEAT0213")]
    [InlineData("", "LEAT0213")]
    [InlineData("docker run 'image {worker}", "LEAT0214")]
    public void A_command_has_a_word_for_the_worker(string command, string code) =>
        Assert.Contains(code, Assert.Throws<ArgumentException>(() => Pool.Command(command, 1)).Message, StringComparison.Ordinal);

    [Fact(Timeout = 60_000)]
    public async Task A_command_that_is_not_there_is_told()
    {
        await using Pool pool = Pool.Command("no-such-command --option {worker}", 1, Quiet);
        string fault = await SshPoolTests.FaultAsync(pool);
        AssertSays("LEAT0215: The way to 'no-such-command' can't be taken, because the program for it can't be started: ", fault);
        AssertSays("The command was: no-such-command --option sh -c ", fault);
    }

    [Fact]
    public async Task What_can_not_be_combined_is_refused()
    {
        await using Pool threads = Pool.Threads(1);
        await using Pool first = Pool.Processes(1);
        await using Pool second = Pool.Processes(1);
        Assert.Contains("LEAT0216", Assert.Throws<ArgumentException>(() => Pool.Combine()).Message, StringComparison.Ordinal);
        Assert.Contains("threads", Assert.Throws<ArgumentException>(() => Pool.Combine(first, threads)).Message, StringComparison.Ordinal);
        Assert.Contains("twice", Assert.Throws<ArgumentException>(() => Pool.Combine(first, first)).Message, StringComparison.Ordinal);
        await using Pool both = Pool.Combine(first, second);
        Assert.Equal(2, both.Size);
        Assert.Contains("another combination", Assert.Throws<ArgumentException>(() => Pool.Combine(first)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        foreach (RemotePoolOptions options in (RemotePoolOptions[])[new() { Minimum = 0 }, new() { Minimum = 2 }, new() { ConnectTimeout = TimeSpan.Zero }, new() { GiveUpAfter = TimeSpan.FromSeconds(1) }, new() { LongestPause = TimeSpan.Zero }])
        {
            Assert.Contains("LEAT0218", Assert.Throws<ArgumentOutOfRangeException>(() => Pool.Ssh(options, ("host", 1))).Message, StringComparison.Ordinal);
        }

        Assert.Contains("LEAT0060", Assert.Throws<ArgumentOutOfRangeException>(() => Pool.Ssh(("host", 0))).Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        foreach (int id in RemoteProcesses.All(Path.GetDirectoryName(Cache)!)) Children.Kill(id);
        folder.Dispose();
    }

    // As the library shows little of a long text.
    private static void AssertSays(string expected, string actual) => Assert.True(actual.Contains(expected, StringComparison.Ordinal), actual);

    private static string DotnetFolder => Path.GetFullPath(Path.Combine(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));

    private static async Task RunAsync(string command)
    {
        var told = new List<string>();
        await using Pool pool = Pool.Command(command, 1, Quiet with { Output = output => told.Add(output.Text) });
        Assert.Equal(Enumerable.Range(1, 100), await (Enumerable.Range(0, 100) | Stage.Map((int item) => item + 1).On(pool)).ToListAsync());
        Assert.Empty(told);
    }

    // A machine that has nothing of this one's environment.
    private string Host(string shell = "exec \"$@\"") =>
        $"env -i HOME={folder["home"]} FAKE={folder["fake"]} PATH=/usr/local/bin:/usr/bin:/bin sh -c '{shell.Replace("'", "'\\''", StringComparison.Ordinal)}' sh {{worker}}";

    // One that sees other file systems.
    private string WithMount(string mount)
    {
        Require.Tool("unshare");
        Require.Tool("mount");
        Directory.CreateDirectory(folder["home"]);
        return $"unshare --mount --map-root-user env -i HOME={folder["home"]} FAKE={folder["fake"]} PATH=/usr/bin:/bin sh -c '{mount}; exec \"$@\"' sh {{worker}}";
    }

    private string Fake(string name, string script)
    {
        string path = folder.Write($"fake/{name}", $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return path;
    }
}
