using System.Diagnostics;
using Leat.Storage;

namespace Leat.Tests.Jobs.Kills;

/// <summary>A folder has one run at a time.</summary>
public sealed class HeldTests(KillProgram program) : IClassFixture<KillProgram>, IDisposable
{
    private readonly JobRig rig = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => rig.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task A_second_run_is_told_who_runs_and_since_when()
    {
        void Define(JobGraph graph) => graph.File("own", path => File.WriteAllText(path, "own"));
        using Process child = program.Start(rig.Folder, version: 0, "hold", groups: 0);
        try
        {
            while (await child.StandardOutput.ReadLineAsync(Token) is { } line && line != "start held")
            {
            }

            LedgerHeldException error = await Assert.ThrowsAsync<LedgerHeldException>(() => rig.RunAsync(Define));
            Assert.Equal((child.Id, Environment.MachineName), (error.Holder!.Process, error.Holder.Machine));
            Assert.InRange(TimeProvider.System.GetUtcNow() - error.Holder.Since, TimeSpan.Zero, TimeSpan.FromMinutes(1));
            Assert.False(rig.Exists("own"));
        }
        finally
        {
            child.Kill();
            await child.WaitForExitAsync(CancellationToken.None);
        }

        // Who is dead holds nothing.
        await rig.RunAsync(Define);
        Assert.Equal("own", rig.Ran);
    }
}
