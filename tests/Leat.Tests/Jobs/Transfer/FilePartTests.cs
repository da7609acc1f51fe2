using Leat.Jobs;

namespace Leat.Tests.Jobs.Transfer;

/// <summary>How files are divided up on their way.</summary>
public sealed class FilePartTests
{
    [Fact]
    public void Small_files_go_together()
    {
        FilePart[] parts = [.. FilePart.Of(Enumerable.Repeat(File(100), 10_000))];

        Assert.Equal(10, parts.Length);
        Assert.All(parts, part => Assert.Equal((1_000, 0, 100_000), (part.Files.Length, part.Offset, part.Count)));
    }

    [Theory]
    [InlineData]
    [InlineData(0)]
    [InlineData(0, 0, 1)]
    [InlineData(1 << 20)]
    [InlineData((1 << 20) + 1, 5)]
    [InlineData(700_000, 400_000, 0, 3_000_000, 7, 1 << 20, 1)]
    public void All_of_each_file_is_in_them_once_and_in_order(params int[] lengths)
    {
        HostFile[] files = [.. lengths.Select(length => File(length))];
        var seen = new Dictionary<HostFile, long>(ReferenceEqualityComparer.Instance);
        foreach (FilePart part in FilePart.Of(files))
        {
            Assert.True(part.Count <= 1 << 20);
            if (part.Files.Length > 1) Assert.Equal((0, part.Count), (part.Offset, part.Files.Sum(file => file.Length)));
            foreach (HostFile file in part.Files)
            {
                Assert.Equal(seen.GetValueOrDefault(file), part.Offset);
                seen[file] = part.Offset + (part.Files.Length > 1 ? file.Length : part.Count);
            }
        }

        Assert.Equal(files.Select(file => file.Length), files.Select(file => seen[file]));
    }

    private static HostFile File(long length) => new("/x", default, length, IsProgram: false);
}
