namespace Leat.Tests.Pools.Remote;

/// <summary>What keeps a program from being sent. A worker of a host plays the program: its files are a copy that nobody else uses.</summary>
public sealed class ProgramFilesTests : IDisposable
{
    private readonly TemporaryDirectory folder = new();

    public void Dispose()
    {
        foreach (int id in RemoteProcesses.All(folder.Path)) Children.Kill(id);
        folder.Dispose();
    }

    [Fact(Timeout = 60_000)]
    public async Task A_program_with_data_in_its_folder_is_too_large()
    {
        string error = await PlayAsync(static async cache =>
        {
            await using (FileStream large = File.Create(Path.Combine(AppContext.BaseDirectory, "large.so"))) large.SetLength((1L << 30) + 1);
            return await SendAsync(cache);
        });
        Assert.Matches("LEAT0210: The program can't be sent to other machines: its folder '.*' has [0-9]+ MiB, and 1024 may be sent. The largest files are large.so \\(1024 MiB\\), ", error);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_file_that_somebody_keeps_for_himself_is_told()
    {
        string error = await PlayAsync(static async cache =>
        {
            await using FileStream kept = new(Path.Combine(AppContext.BaseDirectory, "kept.so"), FileMode.Create, FileAccess.ReadWrite, FileShare.None);
            return await SendAsync(cache);
        });
        Assert.Matches("LEAT0211: The program can't be sent to other machines, as a file in its folder '.*' can't be read: .*kept.so", error);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_file_that_was_replaced_since_the_program_has_started_is_told(bool isLonger)
    {
        string error = await PlayAsync(async cache =>
        {
            string first = await SendAsync($"{cache}-first");
            if (first.Length > 0) return first;
            string file = Path.Combine(AppContext.BaseDirectory, "Leat.Tests.pdb");
            byte[] bytes = await File.ReadAllBytesAsync(file);
            bytes[^1] ^= 1;
            File.Delete(file);
            await File.WriteAllBytesAsync(file, isLonger ? [.. bytes, 0] : bytes);
            return await SendAsync(cache);
        });
        Assert.Matches("LEAT0219: The program can't be sent to other machines: its file '.*Leat.Tests.pdb' has changed since the program started.", error);
    }

    // What speaks against it on a further machine; empty for nothing.
    private static async Task<string> SendAsync(string cache)
    {
        await using Pool pool = Pool.Command($"env XDG_CACHE_HOME={cache} {{worker}}", 1, new RemotePoolOptions { Output = _ => { } });
        try
        {
            await (Enumerable.Range(0, 3) | Stage.Map((int item) => item).On(pool)).ToListAsync();
            return "";
        }
        catch (PipelineException error)
        {
            return error.ToString();
        }
    }

    private async Task<string> PlayAsync(Func<string, Task<string>> program)
    {
        string next = folder["next"];
        await using Pool pool = Pool.Command($"env XDG_CACHE_HOME={folder["cache"]} {{worker}}", 1, new RemotePoolOptions { Output = _ => { } });
        Stage<string, string> play = Stage.Map<string, string>(async cache => await program(cache)).On(pool);
        return Assert.Single(await (new[] { next } | play).ToListAsync());
    }
}
