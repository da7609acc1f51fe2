using System.Diagnostics;

namespace Leat.Tests.Storage;

/// <summary>When the directory can't be used, the work goes on and it is said once; or it fails, where the cache is required.</summary>
public sealed class TroubleTests : IDisposable
{
    private readonly TemporaryDirectory folder = new();
    private readonly List<CacheEvent> events = [];

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_path_that_is_a_file_is_told()
    {
        string path = folder.Write("file", "x");
        GoesOn(path, "a result can't be kept in it");
        Fails(path, "a result can't be kept in it");
        GoesOn(Path.Combine(path, "below"), "a result can't be kept in it");
        Assert.Equal("x", File.ReadAllText(path));
    }

    [Fact]
    public void A_path_that_is_too_long_is_told()
    {
        GoesOn(folder[new string('a', 300)], "");
        Fails(folder[new string('a', 300)], "");
        GoesOn(Path.Combine([folder.Path, .. Enumerable.Repeat(new string('a', 200), 30)]), "");
    }

    [Fact]
    public void A_directory_that_is_removed_is_made_again()
    {
        string path = folder["cache"];
        Func<int, byte[]> make = Make(path, isRequired: true);
        make(1);
        for (int i = 0; i < 3; i++)
        {
            Directory.Delete(path, recursive: true);
            Assert.Equal(5000, make(5000).Length);
            Assert.True(File.Exists(Path.Combine(path, "leat-cache")));
            Assert.Equal(1, Cache.Directory(path).Statistics().Entries);
            Assert.Single(Directory.GetFiles(Path.Combine(path, "functions")));
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task A_read_only_directory_is_told()
    {
        string path = folder["cache"];
        Make(path)(1);
        string mount = Require.Tool("mount");
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root can mount a directory read-only, and root may write to all others.");
        Assert.SkipUnless(await RunAsync(mount, "--bind", path, path) == 0, "A directory can't be mounted.");
        try
        {
            Assert.SkipUnless(await RunAsync(mount, "-o", "remount,ro,bind", path) == 0, "A directory can't be mounted read-only.");
            Assert.Single(Make(path)(1));
            GoesOn(path, "a result can't be kept in it");
            Fails(path, "a result can't be kept in it");
            Assert.Throws<LeatException>(() => Cache.Directory(path).Clear());
            using (Cache.Directory(path, new CacheOptions { Events = events.Add }).Hold())
            {
                Assert.Contains("what a run uses can't be held in it", events[^1].Message, StringComparison.Ordinal);
            }
        }
        finally
        {
            await RunAsync(Require.Tool("umount"), path);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task A_full_disk_is_told()
    {
        string path = folder["disk"];
        Directory.CreateDirectory(path);
        string mount = Require.Tool("mount");
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root can mount a small disk.");
        Assert.SkipUnless(await RunAsync(mount, "-t", "tmpfs", "-o", "size=64k", "tmpfs", path) == 0, "A small disk can't be mounted.");
        try
        {
            Func<int, byte[]> make = Make(path);
            for (int length = 5000; length < 5050; length++) Assert.Equal(length, make(length).Length);
            CacheEvent told = Assert.Single(events);
            Assert.IsType<CacheUnusable>(told);
            Assert.Contains("a result can't be kept in it", told.Message, StringComparison.Ordinal);
            Fails(path, "a result can't be kept in it");
            Assert.Empty(Directory.EnumerateFiles(path, "*.tmp", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None }));
            for (int length = 5000; length < 5050; length++) Assert.Equal(length, make(length).Length);
        }
        finally
        {
            await RunAsync(Require.Tool("umount"), path);
        }
    }

    [Fact]
    public void A_listener_that_throws_does_no_harm()
    {
        string path = folder.Write("file", "x");
        Cache cache = Cache.Directory(path, new CacheOptions { Events = told => throw new InvalidOperationException(told.Message) });
        Assert.Equal(3, cache.Wrap((int length) => new byte[length])(3).Length);
    }

    [Fact]
    public void A_read_only_cache_changes_nothing()
    {
        string path = folder["cache"];
        Make(path)(1);
        string[] before = [.. Directory.EnumerateFileSystemEntries(path, "*", SearchOption.AllDirectories)];
        Cache cache = Cache.Directory(path, new CacheOptions { ReadOnly = true });
        Func<int, byte[]> make = cache.Wrap((int length) => new byte[length], "make");
        Assert.Equal((1, 2), (make(1).Length, make(2).Length));
        using (cache.Hold()) make(1);
        Assert.Equal(before, Directory.EnumerateFileSystemEntries(path, "*", SearchOption.AllDirectories));
        Assert.StartsWith("LEAT0080:", Assert.Throws<LeatException>(cache.Clear).Message, StringComparison.Ordinal);
        Assert.Equal("LEAT0080", Assert.Throws<LeatException>(() => cache.Prune()).Code);
        Cache.Directory(folder["none"], new CacheOptions { ReadOnly = true }).Wrap((int x) => x)(1);
        Assert.False(Directory.Exists(folder["none"]));
    }

    [Fact]
    public void A_directory_of_a_newer_leat_or_of_others_is_refused()
    {
        folder.Write("cache/leat-cache", "leat cache 2\nmore\n");
        Assert.StartsWith($"LEAT0073: The cache in '{folder["cache"]}' has format 2, and this Leat knows formats up to 1.", Assert.Throws<LeatException>(() => Make(folder["cache"])).Message, StringComparison.Ordinal);
        folder.Write("cache/leat-cache", "something else");
        Assert.Equal("LEAT0074", Assert.Throws<LeatException>(() => Make(folder["cache"])).Code);
        folder.Write("cache/leat-cache", "leat c");
        Assert.Single(Make(folder["cache"], isRequired: true)(1));
    }

    [Fact]
    public void Options_out_of_their_range_are_refused()
    {
        Assert.Equal("LEAT0077", Assert.Throws<LeatException>(() => Cache.Directory("x", new CacheOptions { SizeLimit = -1 })).Code);
        Assert.Equal("LEAT0077", Assert.Throws<LeatException>(() => Cache.Directory("x", new CacheOptions { AgeLimit = TimeSpan.Zero })).Code);
        Assert.Throws<ArgumentException>(() => Cache.Directory(""));
    }

    private Func<int, byte[]> Make(string path, bool isRequired = false) =>
        Cache.Directory(path, new CacheOptions { Events = events.Add, Required = isRequired }).Wrap((int length) => new byte[length], "make");

    private void GoesOn(string path, string words)
    {
        events.Clear();
        Func<int, byte[]> make = Make(path);
        for (int i = 0; i < 3; i++) Assert.Equal(7001 + i, make(7001 + i).Length);
        Assert.NotEmpty(events);
        Assert.Equal(events.Count, events.Select(each => each.Message.Split(": ")[1]).Distinct(StringComparer.Ordinal).Count());
        Assert.Contains(words, events[^1].Message, StringComparison.Ordinal);
        Assert.All(events, each => Assert.IsType<CacheUnusable>(each));
    }

    private void Fails(string path, string words)
    {
        LeatException error = Assert.Throws<LeatException>(() => Make(path, isRequired: true)(7101));
        Assert.StartsWith($"LEAT0076: The cache in '{path}' is required, and ", error.Message, StringComparison.Ordinal);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    private static async Task<int> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false };
        using Process process = Process.Start(start)!;
        await process.WaitForExitAsync(CancellationToken.None);
        return process.ExitCode;
    }
}
