using System.Collections.Immutable;
using Leat.Encoding;

namespace Leat.Storage;

/// <summary>
/// Tells the codecs of files whether a value is encoded for transport, in which files go by their paths, or for a digest, in
/// which they count by name and content.
/// </summary>
internal sealed class FileContext
{
    private readonly FileDigests files;
    private readonly bool isDigest;
    private Dictionary<(string Path, bool IsOutput), FileState>? seen;

    private FileContext(FileDigests files, bool isDigest)
    {
        this.files = files;
        this.isDigest = isDigest;
    }

    /// <summary>Whose digest it is, for codecs to whom that matters; null for nobody in particular.</summary>
    public object? Owner { get; init; }

    /// <summary>The files that came by, as they were; null when there were none.</summary>
    public ImmutableArray<FileState>? Seen => seen is null ? null : [.. seen.Values];

    public static FileContext ForTransport(FileDigests files) => new(files, isDigest: false);

    public static FileContext ForDigest(FileDigests files, object? owner = null) => new(files, isDigest: true) { Owner = owner };

    /// <summary>True when a value is encoded for a digest.</summary>
    public static bool IsForDigest(EncodingWriter writer) => writer.Context is FileContext { isDigest: true };

    /// <summary>The context of the digest of the same value, with the files as they were.</summary>
    public FileContext ToDigest() => new(files, isDigest: true) { seen = seen };

    /// <summary>Writes a file, for whomever it is.</summary>
    public static void Write(EncodingWriter writer, string path, bool isOutput)
    {
        FileState? state = (writer.Context as FileContext)?.StateOf(path, isOutput);
        if (state is null || !IsForDigest(writer))
        {
            writer.WriteValue(path);
            return;
        }
        writer.WriteValue(Path.GetFileName(path));
        writer.WriteDigest(state.Content);
    }

    private FileState StateOf(string path, bool isOutput)
    {
        seen ??= [];
        if (!seen.TryGetValue((path, isOutput), out FileState? state)) seen.Add((path, isOutput), state = files.StateOf(path, isOutput));
        return state;
    }
}
