using System.Diagnostics.CodeAnalysis;
using Leat.Encoding;
using Leat.Storage;

namespace Leat;

/// <summary>
/// A file that a function reads. In the key of a cached result it counts by its name and its content, not by its folder or
/// its time; the content is read again only when the file's size or time has changed. A cache does not keep it.
/// </summary>
/// <remarks>To another process goes the path alone: it must lead to the file there too.</remarks>
[Codec(typeof(InputFileCodec))]
public sealed class InputFile : IEquatable<InputFile>
{
    /// <summary>Names a file, which need not exist until a function is called with it.</summary>
    /// <param name="path">Its path, absolute or from the current directory.</param>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    public InputFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Path = path;
    }

    /// <summary>The path, as it was given.</summary>
    public string Path { get; }

    /// <summary>The file's name, without its folder.</summary>
    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>True for a file of the same path.</summary>
    public bool Equals(InputFile? other) => other is not null && Path == other.Path;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as InputFile);

    /// <inheritdoc/>
    public override int GetHashCode() => Path.GetHashCode(StringComparison.Ordinal);

    /// <summary>The path.</summary>
    public override string ToString() => Path;
}

[SuppressMessage("Performance", "CA1812:Avoid uninstantiated internal classes", Justification = "Made by reflection.")]
internal sealed class InputFileCodec : ICodec<InputFile>
{
    public void Write(EncodingWriter writer, InputFile value) => FileContext.Write(writer, value.Path, isOutput: false);

    public InputFile Read(EncodingReader reader) => FileCodec.Read(reader, path => new InputFile(path));
}

/// <summary>Reads files, which travel as their paths.</summary>
internal static class FileCodec
{
    public static T Read<T>(EncodingReader reader, Func<string, T> make) =>
        reader.ReadValue<string>() is { Length: > 0 } path ? make(path) : throw reader.Damaged("a file without a path is announced");
}
