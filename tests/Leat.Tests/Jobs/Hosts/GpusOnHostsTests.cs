using Leat.Tests.Jobs.Execution;
using Leat.Tests.Pools.Remote;
using Leat.Tests.Streams.Ends;

namespace Leat.Tests.Jobs.Hosts;

/// <summary>Jobs on a host that has GPUs, as the environment there says.</summary>
[Collection(AloneCollection.Name)]
public sealed class GpusOnHostsTests : IDisposable
{
    private readonly JobRig rig = new();
    private readonly SshServer server = new();

    public GpusOnHostsTests() => server.Environment("export CUDA_VISIBLE_DEVICES=4,GPU-7");

    public void Dispose()
    {
        server.Dispose();
        rig.Dispose();
    }

    [Fact(Timeout = 60_000)]
    public async Task Each_job_gets_GPUs_that_no_other_has_and_one_that_needs_more_than_there_are_fails_alone()
    {
        string meeting = rig["meeting"];
        await using Pool pool = Pool.Ssh(server.Options, ("leat", 4));

        RunReport report = await rig.RunAsync(
            graph =>
            {
                for (int i = 0; i < 2; i++)
                {
                    graph.File($"{i}.txt", path =>
                    {
                        Meeting.Of(meeting, 2);
                        File.WriteAllText(path, Environment.GetEnvironmentVariable("CUDA_VISIBLE_DEVICES"));
                    }, Needing(1));
                }

                graph.File("both.txt", path => File.WriteAllText(path, Environment.GetEnvironmentVariable("CUDA_VISIBLE_DEVICES")), Needing(2));
                graph.Command("command.txt", _ => new CommandLine("sh", "-c", "printf %s \"$CUDA_VISIBLE_DEVICES\""), standardOutput: true, options: Needing(2));
                graph.File("three.txt", path => File.WriteAllText(path, ""), Needing(3));
            },
            (_, options) => options with { Pool = pool });

        Assert.Equal(["4", "GPU-7"], ((string[])[rig.Read("0.txt"), rig.Read("1.txt")]).Order(StringComparer.Ordinal));
        Assert.Equal("4,GPU-7", rig.Read("both.txt"));
        Assert.Equal("4,GPU-7", rig.Read("command.txt"));
        JobReport failed = Assert.Single(report.Failures);
        Assert.Matches("^LEAT0181: 'three.txt' asks for .*3 GPUs", failed.Error!.Message);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(1)]
    [InlineData(6)]
    public async Task Jobs_that_need_GPUs_go_to_the_host_that_has_them(int jobs)
    {
        using var without = new SshServer();
        string both = server["both"];
        await File.WriteAllTextAsync(both, $"{server.ConfigOf("gpus")}\n{without.ConfigOf("none")}", TestContext.Current.CancellationToken);
        await using Pool pool = Pool.Ssh(server.Options with { SshArguments = ["-F", both] }, ("none", 2), ("gpus", 2));

        RunReport report = await rig.RunAsync(
            graph =>
            {
                for (int i = 0; i < jobs; i++) graph.File($"{i}.txt", path => File.WriteAllText(path, Environment.GetEnvironmentVariable("CUDA_VISIBLE_DEVICES")), Needing(1));
            },
            (_, options) => options with { Pool = pool });

        Assert.True(report.IsSuccess, string.Join('\n', report.Jobs));
        Assert.All(report.Jobs, job => Assert.Equal("gpus", job.Machine));
        Assert.All(Enumerable.Range(0, jobs), i => Assert.Contains(rig.Read($"{i}.txt"), (string[])["4", "GPU-7"]));
    }

    private static JobOptions Needing(int gpus) => new() { Resources = new Resources { Gpus = gpus } };
}
