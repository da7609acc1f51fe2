using System.Runtime.Versioning;
using Leat.Tests.Pools.Remote;
using Leat.Tests.Pools.Slurm;
using Leat.Tests.Streams.Ends;

namespace Leat.Tests.Examples;

/// <summary>The build of the example on a real Slurm, as its author would start it.</summary>
[Collection(AloneCollection.Name)]
[UnsupportedOSPlatform("windows")]
public sealed class PipelineOnSlurmTests(SlurmCluster cluster) : IClassFixture<SlurmCluster>
{
    [Fact(Timeout = 300_000)]
    public async Task What_it_makes_in_allocations_is_what_it_makes_here()
    {
        using var folder = new TemporaryDirectory();
        DotnetRun here = await ExampleProgram.RunAsync("pipeline", folder.Path, "--out", "here");
        DotnetRun there = await ExampleProgram.RunAsync("pipeline", folder.Path, "--out", "there", "--pool", "slurm:2");

        Assert.True(here.ExitCode == 0 && there.ExitCode == 0, $"{here.Output}{here.Errors}{there.Output}{there.Errors}");
        string[] files = Files("here");
        Assert.Equal(files, Files("there"));
        Assert.True(files.Length > 20, string.Join('\n', files));
        foreach (string file in files) Assert.Equal(await File.ReadAllBytesAsync(folder[$"here/{file}"]), await File.ReadAllBytesAsync(folder[$"there/{file}"]));
        DotnetRun history = await ExampleProgram.RunAsync("pipeline", folder.Path, "--out", "there", "--history", "coverage.bedgraph");
        Assert.Matches(@"\bn[12]\b", history.Output);
        Assert.Empty(SlurmCluster.Queue("%A %T"));
        await RemoteProcesses.AssertNoneAsync(cluster.Cache, TimeSpan.FromSeconds(10));

        string[] Files(string name) =>
        [
            .. Directory.GetFiles(folder[name], "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder[name], file)).Where(file => !file.StartsWith(".leat", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
        ];
    }
}
