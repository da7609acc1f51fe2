namespace Leat.Shell.Tests;

public sealed class SizeAndPoolTextTests
{
    [Theory]
    [InlineData("8G", 8L << 30)]
    [InlineData("8g", 8L << 30)]
    [InlineData("8GB", 8L << 30)]
    [InlineData("8 GiB", 8L << 30)]
    [InlineData("1.5G", 3L << 29)]
    [InlineData("500M", 500L << 20)]
    [InlineData("64k", 64L << 10)]
    [InlineData("2T", 2L << 40)]
    [InlineData("4096", 4096)]
    [InlineData("4096B", 4096)]
    public void Sizes_are_read(string text, long bytes) => Assert.Equal(bytes, SizeText.Parse("--memory", text));

    [Theory]
    [InlineData("")]
    [InlineData("G")]
    [InlineData("0")]
    [InlineData("-1G")]
    [InlineData("1e3")]
    [InlineData("8X")]
    [InlineData("9999999999P")]
    public void Other_texts_are_no_sizes(string text) => Assert.Equal("LEAT0168", Assert.Throws<LeatException>(() => SizeText.Parse("--memory", text)).Code);

    [Theory]
    [InlineData(0, "0 bytes")]
    [InlineData(1023, "1023 bytes")]
    [InlineData(1024, "1 KiB")]
    [InlineData(1536, "1.5 KiB")]
    [InlineData(1_048_575, "1 MiB")]
    [InlineData(123_456_789, "118 MiB")]
    [InlineData(8L << 30, "8 GiB")]
    public void Sizes_are_written(long bytes, string text) => Assert.Equal(text, SizeText.Of(bytes));

    [Theory]
    [InlineData("threads:4", "threads", 4)]
    [InlineData("processes:16", "processes", 16)]
    public void Pools_are_read(string text, string kind, int workers)
    {
        var pool = PoolText.Parse(text);
        Assert.Equal(new PoolText(kind, workers), pool);
        Assert.Equal(text, pool.ToString());
    }

    [Theory]
    [InlineData("ssh:host1*4,me@host2:2222*2", 6)]
    [InlineData("ssh:[::1]:2222", 1)]
    public void Pools_on_hosts_are_read(string text, int workers)
    {
        var pool = PoolText.Parse(text);
        Assert.Equal(("ssh", workers), (pool.Kind, pool.Workers));
        Assert.Equal(text, pool.ToString());
    }

    [Fact]
    public void A_pool_without_a_number_has_a_worker_for_each_core() => Assert.Equal(Environment.ProcessorCount, PoolText.Parse("processes").Workers);

    [Theory]
    [InlineData("")]
    [InlineData("thread:4")]
    [InlineData("threads:")]
    [InlineData("threads:0")]
    [InlineData("threads:-1")]
    [InlineData("threads:four")]
    public void Other_texts_are_no_pools(string text) => Assert.Equal("LEAT0169", Assert.Throws<LeatException>(() => PoolText.Parse(text)).Code);

    [Fact]
    public async Task A_pool_is_made()
    {
        await using Pool threads = PoolText.Parse("threads:3").Create();
        await using Pool processes = PoolText.Parse("processes:2").Create();
        Assert.Equal((3, 2), (threads.Size, processes.Size));
    }
}
