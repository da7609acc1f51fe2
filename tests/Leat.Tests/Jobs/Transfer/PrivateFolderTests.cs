using Leat.Jobs;

namespace Leat.Tests.Jobs.Transfer;

/// <summary>Which private folders, and which contents that have come in part, are taken for left behind.</summary>
public sealed class PrivateFolderTests : IDisposable
{
    private readonly TemporaryDirectory folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Those_that_a_process_holds_stay_whatever_their_age()
    {
        (string held, string left) = (Make(), Make());
        Release(left);

        Clean();

        Assert.True(Directory.Exists(held));
        Assert.False(Directory.Exists(left));
        PrivateFolder.Remove(held);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Those_that_were_just_made_stay()
    {
        string made = PrivateFolder.Make(folder.Path);
        Release(made);

        PrivateFolder.RemoveLeftovers(folder.Path, TimeProvider.System.GetUtcNow().UtcDateTime - TimeSpan.FromDays(1));

        Assert.True(Directory.Exists(made));
    }

    [Fact]
    public void Those_that_have_no_lock_go_by_their_age()
    {
        string old = Directory.CreateDirectory(folder["1-2-3/files"]).Parent!.FullName;
        Directory.SetLastWriteTimeUtc(old, DateTime.UnixEpoch);
        Directory.CreateDirectory(folder["4-5-6"]);

        Clean();

        Assert.Equal([folder["4-5-6"]], Directory.GetDirectories(folder.Path));
    }

    [Fact]
    public void Two_may_hold_one()
    {
        string root = Make();
        using (new FileStream(LockOf(root), FileMode.Open, FileAccess.Read, FileShare.Read))
        {
            Release(root);
            Clean();
            Assert.True(Directory.Exists(root));
        }

        Clean();
        Assert.False(Directory.Exists(root));
    }

    [Fact]
    public void A_content_that_came_in_part_goes_when_nobody_writes_to_it_any_more()
    {
        string data = Directory.CreateDirectory(folder["data"]).FullName;
        string left = folder.Write("data/new-1", "x"), young = folder.Write("data/new-2", "x");
        // Complete, and not renamed yet when its process was killed.
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(left, UnixFileMode.UserRead);
        var file = new HostFile("/x", Leat.Encoding.Digest.Of("xy"u8), 2, IsProgram: false);
        using var coming = new IncomingFile(file, folder["data/new-3"]);
        coming.Write("x"u8, 0);
        foreach (string path in (string[])[left, folder["data/new-3"]]) File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch);

        _ = new FileKeep(folder.Path);

        Assert.Equal([young, folder["data/new-3"]], Directory.GetFiles(data).Order(StringComparer.Ordinal));
        Assert.True(coming.Write("y"u8, 1));
        coming.Complete();
    }

    private static string LockOf(string root) => Path.Combine(Path.GetDirectoryName(root)!, "lock");

    // As the end of the process that holds it does.
    private static void Release(string root) => PrivateFolder.Release(root);

    private string Make()
    {
        string root = PrivateFolder.Make(folder.Path);
        File.SetLastWriteTimeUtc(LockOf(root), DateTime.UnixEpoch);
        return root;
    }

    private void Clean() => PrivateFolder.RemoveLeftovers(folder.Path, TimeProvider.System.GetUtcNow().UtcDateTime - TimeSpan.FromDays(1));
}
