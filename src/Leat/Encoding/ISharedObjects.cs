namespace Leat.Encoding;

/// <summary>
/// Objects that must stay the same ones when values travel that refer to them. Never where values are written for a digest: equal
/// values have equal bytes.
/// </summary>
internal interface ISharedObjects
{
    /// <summary>Writes <see cref="TagTable.Shared"/> and which one it is; false for all other objects.</summary>
    bool TryWrite(EncodingWriter writer, object value);
}

/// <summary>The other side of <see cref="ISharedObjects"/>.</summary>
internal interface IKnownObjects
{
    /// <summary>Reads which one it is, behind the tag.</summary>
    object Read(EncodingReader reader);
}
