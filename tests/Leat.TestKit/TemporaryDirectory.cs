namespace Leat.TestKit;

/// <summary>A new, empty directory that is deleted with all it holds when the test is done with it.</summary>
public sealed class TemporaryDirectory : IDisposable
{
    /// <summary>Its absolute path.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("leat-test-").FullName;

    /// <summary>The absolute path of a file or directory in it, which need not exist.</summary>
    public string this[string relative] => System.IO.Path.Combine(Path, relative);

    /// <summary>Writes a text file into it, along with the directories above the file, and tells its path.</summary>
    public string Write(string relative, string text)
    {
        string path = this[relative];
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
