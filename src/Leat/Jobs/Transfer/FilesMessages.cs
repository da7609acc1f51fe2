using Leat.Encoding;

namespace Leat.Jobs;

/// <summary>What the process that keeps a machine's files is asked for.</summary>
internal enum FilesOrder : byte
{
    /// <summary>A new private folder.</summary>
    Open,

    /// <summary>To put contents into a folder, under names, and to say which are not there.</summary>
    Lay,

    /// <summary>To take a part of a content, or some that are small.</summary>
    Put,

    /// <summary>To take outputs from a folder, and to say what they are.</summary>
    Collect,

    /// <summary>A part of a content, or some that are small.</summary>
    Get,

    /// <summary>To remove a folder.</summary>
    Remove,
}

/// <summary>A question, or an order.</summary>
internal sealed record FilesItem(FilesOrder Order)
{
    /// <summary>The private folder.</summary>
    public string Root { get; init; } = "";

    /// <summary>Folders that are to be there.</summary>
    public string[] Folders { get; init; } = [];

    /// <summary>Files that are to be made, and must not be there from before.</summary>
    public string[] Outputs { get; init; } = [];

    /// <summary>Files.</summary>
    public HostFile[] Files { get; init; } = [];

    /// <summary>What is in the files, one behind the other; of one alone, from an offset on.</summary>
    public byte[] Bytes { get; init; } = [];

    public long Offset { get; init; }

    /// <summary>How many bytes are wanted.</summary>
    public int Count { get; init; }
}

/// <summary>A file as it travels.</summary>
/// <param name="Path">Its whole path on the machine; empty where it does not matter.</param>
/// <param name="Content">The digest of what is in it.</param>
/// <param name="Length">How many bytes that are.</param>
/// <param name="IsProgram">True when it may be run.</param>
internal sealed record HostFile(string Path, Digest Content, long Length, bool IsProgram);

/// <summary>An answer.</summary>
internal sealed record FilesAnswer
{
    /// <summary>The folder that was made.</summary>
    public string Root { get; init; } = "";

    /// <summary>Indices of what is not there, or was damaged.</summary>
    public int[] Missing { get; init; } = [];

    /// <summary>The outputs that are there.</summary>
    public HostFile[] Files { get; init; } = [];

    /// <summary>The names of what lies beside them and was not declared.</summary>
    public string[] Undeclared { get; init; } = [];

    public byte[] Bytes { get; init; } = [];
}
