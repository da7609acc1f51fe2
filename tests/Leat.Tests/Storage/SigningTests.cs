namespace Leat.Tests.Storage;

/// <summary>Who may write to the directory, but does not know the key, feeds no values.</summary>
public sealed class SigningTests
{
    private static readonly CacheOptions Signed = new() { SigningKey = Enumerable.Repeat((byte)7, 32).ToArray() };
    private static readonly CacheOptions Other = new() { SigningKey = Enumerable.Repeat((byte)8, 32).ToArray() };

    [Theory]
    [InlineData("", "signed", "is not signed")]
    [InlineData("signed", "", "is signed, and no SigningKey was given")]
    [InlineData("signed", "other", "was signed with another key, or changed since")]
    public void What_was_not_signed_by_the_key_is_a_miss_and_stays(string writer, string reader, string words)
    {
        using var rig = new CallRig();
        rig.Store(1, "one", rig.Another(Options(writer)));
        Cache cache = rig.Another(Options(reader));
        Assert.Null(rig.Find<int, string>(1, cache: cache));
        Assert.Null(rig.Find<int, string>(1, cache: cache));
        Assert.Contains(words, Assert.Single(rig.Events).Message, StringComparison.Ordinal);
        Assert.Empty(rig.Files("quarantine"));
        Assert.Equal("one", rig.Find<int, string>(1, cache: rig.Another(Options(writer))));
    }

    [Fact]
    public void A_signed_entry_under_another_name_is_a_miss()
    {
        using var rig = new CallRig(Signed);
        rig.Store(1, "one");
        Directory.CreateDirectory(Path.GetDirectoryName(rig.EntryOf(2))!);
        File.Copy(rig.EntryOf(1), rig.EntryOf(2));
        Assert.Null(rig.Find<int, string>(2));
        Assert.Equal("one", rig.Find<int, string>(1));
    }

    [Fact]
    public void A_forged_object_is_a_miss()
    {
        using var rig = new CallRig(Signed);
        rig.Store(1, new byte[5000]);
        string file = rig.Files("objects").Single();
        byte[] bytes = File.ReadAllBytes(file);
        bytes[^1] = 1;
        File.WriteAllBytes(file, bytes);
        Assert.Null(rig.Find<int, byte[]>(1));
        Assert.Contains("has another content than it had", Assert.Single(rig.Events).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_forged_digest_of_a_file_is_not_believed()
    {
        using var rig = new CallRig();
        string path = rig.Folder.Write("big.bin", new string('x', 300_000));
        File.SetLastWriteTimeUtc(path, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        Leat.Encoding.Digest before = rig.Cache.Files.StateOf(path, isOutput: false).Content;
        Assert.Single(rig.Files("files"));
        Assert.Equal(0, Reads(rig.Another()));
        Assert.Equal(1, Reads(rig.Another(Signed)));

        int Reads(Cache cache)
        {
            Assert.Equal(before, cache.Files.StateOf(path, isOutput: false).Content);
            return cache.Files.Reads;
        }
    }

    [Fact]
    public void A_short_key_is_refused() => Assert.StartsWith(
        "LEAT0075: The signing key of a cache has 15 bytes, and needs at least 16.",
        Assert.Throws<LeatException>(() => Cache.Directory("x", new CacheOptions { SigningKey = new byte[15] })).Message, StringComparison.Ordinal);

    private static CacheOptions Options(string name) => name switch
    {
        "signed" => Signed,
        "other" => Other,
        _ => new CacheOptions(),
    };
}
