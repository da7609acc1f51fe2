namespace Leat.Tests.Jobs.Kills;

/// <summary>A run tells what a damaged journal has lost, and does that again and nothing else.</summary>
public sealed class JournalDamageTests : IDisposable
{
    private readonly JobRig rig = new();
    private readonly List<string> warnings = [];

    public void Dispose() => rig.Dispose();

    [Fact(Timeout = 30_000)]
    public async Task The_end_is_torn()
    {
        await RunAsync();
        Assert.Equal("a b c", rig.Ran);
        byte[] bytes = File.ReadAllBytes(rig[".leat/journal"]);
        File.WriteAllBytes(rig[".leat/journal"], bytes[..^7]);
        await RunAsync();
        Assert.Contains("journal", Assert.Single(warnings), StringComparison.Ordinal);
        Assert.Equal("c", rig.Ran);
        await RunAsync();
        Assert.Equal("", rig.Ran);
        Assert.Single(warnings);
        Assert.Equal("abc", rig.Read("c"));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_bit_is_flipped_in_the_middle()
    {
        await RunAsync();
        byte[] bytes = File.ReadAllBytes(rig[".leat/journal"]);
        // In what the second of the three records says.
        bytes[bytes.Length / 2] ^= 0x10;
        File.WriteAllBytes(rig[".leat/journal"], bytes);
        await RunAsync();
        Assert.Contains("journal", Assert.Single(warnings), StringComparison.Ordinal);
        // Made again, it is as it was, and what follows is up to date.
        Assert.Equal("b", rig.Ran);
        await RunAsync();
        Assert.Equal("", rig.Ran);
        Assert.Equal("abc", rig.Read("c"));
    }

    private Task RunAsync() => rig.RunAsync(
        graph =>
        {
            FileJob a = graph.File("a", path => File.WriteAllText(path, "a"));
            FileJob b = graph.File("b", path => File.WriteAllText(path, File.ReadAllText(a.Path) + "b")).DependsOn(a);
            graph.File("c", path => File.WriteAllText(path, File.ReadAllText(b.Path) + "c")).DependsOn(b);
        },
        (_, options) => options with
        {
            Events = each =>
            {
                if (each is RunWarning warning) warnings.Add(warning.Message);
            },
        });
}
