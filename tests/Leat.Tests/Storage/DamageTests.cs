namespace Leat.Tests.Storage;

/// <summary>Whatever happens to the files of a cache, no wrong value comes of it.</summary>
public sealed class DamageTests
{
    public enum Damage
    {
        Truncate,
        Flip,
        Append,
        Garbage,
        Empty,
        Zeros,
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_damaged_file_is_a_miss_put_aside_and_told_once(bool isSigned)
    {
        using var rig = new CallRig(new CacheOptions { SigningKey = isSigned ? new byte[32] : default });
        var random = new Random(5);
        for (int round = 0; round < 150 * Repeat.Times(1); round++)
        {
            byte[] value = new byte[random.Next(2) == 0 ? 100 : 5000];
            random.NextBytes(value);
            rig.Store(round, value);
            string file = value.Length > 4096 && random.Next(2) == 0 ? rig.Files("objects").First() : rig.EntryOf(round);
            Break(file, (Damage)random.Next(6), random);
            byte[]? found = rig.Find<int, byte[]>(round);
            Assert.Null(found);
            if (!isSigned || file.Contains("objects", StringComparison.Ordinal)) Assert.False(File.Exists(file) && new FileInfo(file).Length == value.Length);
            rig.Store(round, value);
            Assert.Equal(value, rig.Find<int, byte[]>(round));
            foreach (string each in rig.Files("objects").ToList()) File.Delete(each);
        }
        Assert.Equal(rig.Events.Count, rig.Events.Select(each => each.Message.Split('\'')[4]).Distinct(StringComparer.Ordinal).Count());
        Assert.All(rig.Events, each => Assert.IsType<CacheFileRefused>(each));
    }

    [Fact]
    public void An_entry_under_another_name_is_a_miss()
    {
        using var rig = new CallRig();
        rig.Store(1, "one");
        Directory.CreateDirectory(Path.GetDirectoryName(rig.EntryOf(2))!);
        File.Copy(rig.EntryOf(1), rig.EntryOf(2));
        Assert.Null(rig.Find<int, string>(2));
        Assert.Contains("belongs under another name", Assert.Single(rig.Events).Message, StringComparison.Ordinal);
        Assert.Equal("one", rig.Find<int, string>(1));
        Assert.Single(rig.Files("quarantine"));
    }

    [Fact]
    public void An_entry_of_a_newer_format_is_a_miss()
    {
        using var rig = new CallRig();
        rig.Store(1, "one");
        byte[] bytes = File.ReadAllBytes(rig.EntryOf(1));
        bytes[5]++;
        File.WriteAllBytes(rig.EntryOf(1), bytes);
        Assert.Null(rig.Find<int, string>(1));
        Assert.Contains("is of a newer Leat", Assert.Single(rig.Events).Message, StringComparison.Ordinal);
    }

    private static void Break(string file, Damage damage, Random random)
    {
        byte[] bytes = File.ReadAllBytes(file);
        byte[] garbage = new byte[random.Next(1, 6000)];
        random.NextBytes(garbage);
        switch (damage)
        {
            case Damage.Truncate:
                bytes = bytes[..random.Next(bytes.Length)];
                break;
            case Damage.Flip:
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                break;
            case Damage.Append:
                bytes = [.. bytes, .. garbage];
                break;
            case Damage.Garbage:
                bytes = garbage;
                break;
            case Damage.Empty:
                bytes = [];
                break;
            default:
                bytes.AsSpan(random.Next(bytes.Length)).Fill(random.Next(2) == 0 ? (byte)0 : (byte)255);
                break;
        }
        File.WriteAllBytes(file, bytes);
    }
}
