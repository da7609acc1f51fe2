namespace Leat.Storage;

/// <summary>Where everything of a journal lies.</summary>
/// <param name="root">The directory, absolute.</param>
internal sealed class JournalPaths(string root)
{
    public string Root { get; } = root;

    /// <summary>The journal.</summary>
    public string Records { get; } = Path.Combine(root, "journal");

    /// <summary>The journal that is being written in place of the other.</summary>
    public string New { get; } = Path.Combine(root, "journal.new");

    /// <summary>What was a journal before damage in it was mended.</summary>
    public string Damaged { get; } = Path.Combine(root, "journal.damaged");

    /// <summary>The file that is locked.</summary>
    public string Lock { get; } = Path.Combine(root, "lock");

    /// <summary>Who has the lock.</summary>
    public string Holder { get; } = Path.Combine(root, "holder");
}
