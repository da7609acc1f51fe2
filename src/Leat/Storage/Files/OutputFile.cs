using System.Diagnostics.CodeAnalysis;
using Leat.Encoding;
using Leat.Storage;

namespace Leat;

/// <summary>
/// A file that a function has made, given as its result or as a part of it. A cache keeps the content, and puts it back at
/// its path when the result comes from the cache and the file there is missing or another one. In keys it counts by its
/// name and its content.
/// </summary>
/// <remarks>
/// A path that is not absolute is one from the current directory, also when the file is put back. To another process goes
/// the path alone.
/// </remarks>
[Codec(typeof(OutputFileCodec))]
public sealed class OutputFile : IEquatable<OutputFile>
{
    /// <summary>Names a file, which must exist when the function returns.</summary>
    /// <param name="path">Its path, absolute or from the current directory.</param>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    public OutputFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Path = path;
    }

    /// <summary>The path, as it was given.</summary>
    public string Path { get; }

    /// <summary>The file's name, without its folder.</summary>
    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>True for a file of the same path.</summary>
    public bool Equals(OutputFile? other) => other is not null && Path == other.Path;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as OutputFile);

    /// <inheritdoc/>
    public override int GetHashCode() => Path.GetHashCode(StringComparison.Ordinal);

    /// <summary>The path.</summary>
    public override string ToString() => Path;
}

[SuppressMessage("Performance", "CA1812:Avoid uninstantiated internal classes", Justification = "Made by reflection.")]
internal sealed class OutputFileCodec : ICodec<OutputFile>
{
    public void Write(EncodingWriter writer, OutputFile value) => FileContext.Write(writer, value.Path, isOutput: true);

    public OutputFile Read(EncodingReader reader) => FileCodec.Read(reader, path => new OutputFile(path));
}
