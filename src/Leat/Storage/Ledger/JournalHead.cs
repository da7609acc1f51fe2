namespace Leat.Storage;

/// <summary>What stands ahead of a record.</summary>
/// <param name="Length">Bytes of the body.</param>
/// <param name="Number">The number of the record in the file, from 1.</param>
/// <param name="BodyCheck">The checksum of the body.</param>
internal readonly record struct JournalHead(int Length, uint Number, uint BodyCheck);

/// <summary>What the start of a journal is.</summary>
internal enum HeaderState
{
    /// <summary>The file is empty.</summary>
    Absent,

    /// <summary>The file ends within its header.</summary>
    Torn,

    /// <summary>As it should be.</summary>
    Sound,

    /// <summary>Its checksum is wrong.</summary>
    Damaged,

    /// <summary>Of a later version.</summary>
    Newer,

    /// <summary>Of something else; or damaged in the very name.</summary>
    Foreign,
}
