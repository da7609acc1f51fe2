using System.Diagnostics;

namespace Leat.Tests.Pools.Remote;

/// <summary>A network namespace with one link to this machine, which can be cut.</summary>
internal sealed class NetworkNamespace : IDisposable
{
    private readonly TemporaryDirectory folder = new();

    public NetworkNamespace()
    {
        Require.Tool("ip");
        Require.Tool("nsenter");
        if (!TryRun("up", out string errors)) Require.Miss("netns", $"A network namespace can't be made: {errors}");
    }

    /// <summary>The name of the namespace.</summary>
    public string Name => Read("name");

    /// <summary>The address in it.</summary>
    public string Address => Read("far");

    /// <summary>Takes the link down: nothing passes, and nobody is told.</summary>
    public void Cut() => Assert.True(TryRun("cut", out string errors), errors);

    /// <summary>Takes the link up again.</summary>
    public void Mend() => Assert.True(TryRun("mend", out string errors), errors);

    /// <summary>Drops what the far side says: who connects to it hears nothing.</summary>
    public void Mute() => Assert.True(TryRun("mute", out string errors), errors);

    /// <summary>Lets it through again.</summary>
    public void Unmute() => Assert.True(TryRun("unmute", out string errors), errors);

    /// <summary>Takes the link up again behind a while.</summary>
    public async Task MendBehindAsync(TimeSpan pause)
    {
        await Task.Delay(pause, TimeProvider.System);
        Mend();
    }

    public void Dispose()
    {
        TryRun("down", out _);
        folder.Dispose();
    }

    private string Read(string file) => File.ReadAllText(folder["net/" + file]).Trim();

    private bool TryRun(string what, out string errors)
    {
        using var process = Process.Start(new ProcessStartInfo(Repository.PathOf("eng/netns"), [what, folder["net"]]) { RedirectStandardError = true, UseShellExecute = false })!;
        errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
