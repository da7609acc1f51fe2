namespace Leat.Shell;

/// <summary>What a piece of text means, where colours can say so.</summary>
internal enum Tone
{
    Plain,
    Good,
    Bad,
    Doubtful,
    Faint,
}
