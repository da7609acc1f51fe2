namespace Leat.Shell;

/// <summary>What the program is asked for; also, as flags, the actions for which an option means something.</summary>
[Flags]
internal enum ShellAction
{
    None = 0,
    Run = 1,
    DryRun = 2,
    Why = 4,
    Status = 8,
    Graph = 16,
    History = 32,
    Log = 64,
    Accept = 128,
    Clean = 256,
    Help = 512,
    Version = 1024,
}
