using System.Runtime.Versioning;
using Leat.Tests.Pools.Remote;
using Leat.Tests.Streams.Ends;

namespace Leat.Tests.Examples;

/// <summary>The example on hosts over real ssh, as its author would start it.</summary>
[Collection(AloneCollection.Name)]
[UnsupportedOSPlatform("windows")]
public sealed class ReadsOverSshTests(SshServer server) : IClassFixture<SshServer>
{
    [Fact(Timeout = 300_000)]
    public async Task Reads_are_placed_on_a_host_as_they_are_here()
    {
        using var folder = new TemporaryDirectory();
        DotnetRun here = await ExampleProgram.RunAsync("reads", folder.Path, "--workers", "2", "--output", "here.tsv");

        // An ssh that finds the private server by itself.
        string ssh = folder.Write("bin/ssh", $"#!/bin/sh\nexec {Require.Tool("ssh")} -F {server["config"]} \"$@\"\n");
        File.SetUnixFileMode(ssh, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        string? path = Environment.GetEnvironmentVariable("PATH");
        DotnetRun there;
        try
        {
            Environment.SetEnvironmentVariable("PATH", $"{folder["bin"]}{Path.PathSeparator}{path}");
            there = await ExampleProgram.RunAsync("reads", folder.Path, "--pool", "ssh:localhost*2", "--output", "there.tsv");
        }
        finally
        {
            Environment.SetEnvironmentVariable("PATH", path);
        }

        Assert.True(here.ExitCode == 0 && there.ExitCode == 0, there.Errors);
        Assert.Equal(await File.ReadAllTextAsync(folder["here.tsv"]), await File.ReadAllTextAsync(folder["there.tsv"]));
        await RemoteProcesses.AssertNoneAsync(server.Cache, TimeSpan.FromSeconds(10));
    }
}
