using Leat.Encoding;
using Leat.Storage;

namespace Leat.Tests.Storage;

/// <summary>Files as arguments and results.</summary>
public sealed class FilesTests : IDisposable
{
    private static readonly DateTime LongAgo = new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    // Not of this object, whose fields would count in keys.
    [ThreadStatic]
    private static int runs;

    private readonly TemporaryDirectory folder = new();
    private readonly List<CacheEvent> events = [];
    private readonly Cache cache;


    public FilesTests()
    {
        cache = Cache.Directory(folder["cache"], new CacheOptions { Required = true, Events = events.Add });
        runs = 0;
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void An_input_counts_by_name_and_content()
    {
        Func<InputFile, int> length = cache.Wrap((InputFile file) => Ran(File.ReadAllText(file.Path).Length), "length");
        Assert.Equal(3, length(new InputFile(folder.Write("a/x.txt", "abc"))));
        Assert.Equal(3, length(new InputFile(folder.Write("b/x.txt", "abc"))));
        Assert.Equal(1, runs);
        Assert.Equal(3, length(new InputFile(folder.Write("b/y.txt", "abc"))));
        Assert.Equal(4, length(new InputFile(folder.Write("a/x.txt", "abcd"))));
        Assert.Equal(3, length(new InputFile(folder.Write("a/x.txt", "xyz"))));
        Assert.Equal(4, runs);
    }

    [Fact]
    public void A_content_is_read_again_only_when_size_or_time_has_changed()
    {
        var digests = new FileDigests();
        string path = folder.Write("x.txt", "abc");
        Digest first = digests.StateOf(path, isOutput: false).Content;
        Assert.Equal(Digest.Of("abc"u8), first);
        // Written just now: it may be written again within the same tick of the clock.
        digests.StateOf(path, isOutput: false);
        Assert.Equal(2, digests.Reads);
        File.SetLastWriteTimeUtc(path, LongAgo);
        digests.StateOf(path, isOutput: false);
        digests.StateOf(path, isOutput: false);
        Assert.Equal(3, digests.Reads);
        folder.Write("x.txt", "abd");
        Assert.NotEqual(first, digests.StateOf(path, isOutput: false).Content);
    }

    [Fact]
    public void A_file_that_was_made_is_put_back_when_it_is_missing_or_another()
    {
        string path = folder["out/made.txt"];
        Func<string, (OutputFile File, int Number)> make = cache.Wrap(
            (string text) => (new OutputFile(Written(path, text)), Ran(7)), "make");
        Assert.Equal((path, 7), (make("content").File.Path, 7));
        Assert.Equal("content", File.ReadAllText(path));

        File.WriteAllText(path, "changed");
        Assert.Equal(path, make("content").File.Path);
        Assert.Equal("content", File.ReadAllText(path));
        Directory.Delete(folder["out"], recursive: true);
        make("content");
        Assert.Equal("content", File.ReadAllText(path));
        File.SetLastWriteTimeUtc(path, LongAgo);
        make("content");
        Assert.Equal(LongAgo, File.GetLastWriteTimeUtc(path));
        Assert.Equal(1, runs);
        Assert.Empty(Directory.EnumerateFiles(folder["out"], ".*"));
    }

    [Fact]
    public void A_file_whose_content_is_gone_is_made_again()
    {
        string path = folder["made.txt"];
        Func<int, OutputFile> make = cache.Wrap((int number) => new OutputFile(Written(path, $"{Ran(number)}")), "make");
        make(1);
        File.Delete(path);
        Directory.Delete(folder["cache/objects"], recursive: true);
        make(1);
        Assert.Equal(("1", 2), (File.ReadAllText(path), runs));
    }

    [Fact]
    public void A_file_that_can_not_be_put_back_is_made_again_by_its_function()
    {
        string path = folder["out/x.txt"];
        Func<int, OutputFile> make = cache.Wrap((int number) => new OutputFile(Written(path, $"{Ran(number)}")), "make");
        Directory.CreateDirectory(folder["out"]);
        make(1);
        Directory.Delete(folder["out"], recursive: true);
        folder.Write("out", "a file in place of the folder");
        Assert.ThrowsAny<IOException>(() => make(1));
        Assert.Equal(path, Assert.IsType<CacheFileNotPutBack>(Assert.Single(events)).File);
    }

    [Fact]
    public void A_result_of_changed_inputs_is_not_kept()
    {
        string path = folder.Write("x.txt", "abc");
        Func<InputFile, int> length = cache.Wrap(
            (InputFile file) => { File.AppendAllText(file.Path, "d"); return Ran(1); }, "append");
        length(new InputFile(path));
        Assert.Contains($"A result of 'append' was not kept in the cache in '{cache.Path}': the file '{path}' was written to while the function ran.", Assert.Single(events).Message, StringComparison.Ordinal);
        Assert.Empty(cache.List());
        var captured = new InputFile(path);
        cache.Wrap(() => { File.AppendAllText(captured.Path, "d"); return Ran(1); }, "append captured")();
        Assert.Empty(cache.List());
        Assert.Equal(2, events.Count);
    }

    [Fact]
    public void A_result_that_names_an_input_holds_as_long_as_that_is_the_same()
    {
        string path = folder.Write("x.txt", "abc");
        Func<int, InputFile> find = cache.Wrap((int number) => new InputFile(Ran(number) > 0 ? path : ""), "find");
        find(1);
        find(1);
        Assert.Equal(1, runs);
        folder.Write("x.txt", "abd");
        find(1);
        Assert.Equal(2, runs);
    }

    [Fact]
    public void Missing_files_are_told()
    {
        Func<InputFile, int> read = cache.Wrap((InputFile _) => 1, "read");
        Assert.StartsWith($"LEAT0071: A function is given the file 'no.txt', but there is no file ", Assert.Throws<LeatException>(() => read(new InputFile("no.txt"))).Message, StringComparison.Ordinal);
        Func<int, OutputFile> make = cache.Wrap((int _) => new OutputFile("no.txt"), "make");
        Assert.StartsWith("LEAT0070: A function's result names 'no.txt'", Assert.Throws<LeatException>(() => make(1)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new InputFile(""));
    }

    [Fact]
    public void Files_are_equal_by_path_and_travel_by_it()
    {
        var file = new InputFile("a/b.txt");
        Assert.Equal(("b.txt", "a/b.txt"), (file.Name, file.ToString()));
        Assert.Equal(file, BinaryEncoding.Decode<InputFile>(BinaryEncoding.Encode(file)));
        Assert.Equal(new OutputFile("x"), BinaryEncoding.Decode<OutputFile>(BinaryEncoding.Encode(new OutputFile("x"))));
        Assert.NotEqual(file, new InputFile("b.txt"));
    }

    [Fact]
    public void Digests_of_large_files_are_kept_for_other_processes()
    {
        string path = folder.Write("big.bin", new string('x', 300_000));
        File.SetLastWriteTimeUtc(path, LongAgo);
        Digest first = cache.Files.StateOf(path, isOutput: false).Content;
        Cache another = Cache.Directory(cache.Path);
        Assert.Equal((first, 0), (another.Files.StateOf(path, isOutput: false).Content, another.Files.Reads));
        File.WriteAllText(path, new string('y', 300_000));
        Assert.NotEqual(first, Cache.Directory(cache.Path).Files.StateOf(path, isOutput: false).Content);
    }

    private static string Written(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    private static T Ran<T>(T result)
    {
        runs++;
        return result;
    }
}
