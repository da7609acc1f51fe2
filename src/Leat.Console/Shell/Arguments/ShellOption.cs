namespace Leat.Shell;

/// <summary>An option of the command line: how it is read, and what the help says of it.</summary>
/// <param name="Name">With its dashes.</param>
/// <param name="Value">What stands behind it, in the help; empty if nothing does.</param>
/// <param name="For">The actions for which it means something.</param>
/// <param name="Help">What it does, in the help.</param>
/// <param name="Apply">Adds it to what was read so far.</param>
internal sealed record ShellOption(string Name, string Value, ShellAction For, string Help, Func<ShellArguments, string, ShellArguments> Apply)
{
    /// <summary>The action that it asks for; none for an option that says how.</summary>
    public ShellAction Action { get; init; }

    /// <summary>True if it may stand without a value.</summary>
    public bool IsValueOptional { get; init; }

    public bool TakesValue => Value.Length > 0 && Action is ShellAction.None or ShellAction.Graph;
}
