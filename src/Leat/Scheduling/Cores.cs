namespace Leat;

/// <summary>Numbers of cores that have a name, for <see cref="Resources.Cores"/>.</summary>
public static class Cores
{
    /// <summary>All that one machine has, however many these are.</summary>
    public const int All = -1;
}
