namespace Leat;

/// <summary>What became of a program that ran to its end.</summary>
/// <param name="ExitCode">Its exit code, one of those that mean success.</param>
/// <param name="StandardOutput">All that it wrote to its standard output, read as UTF-8.</param>
/// <param name="StandardError">All that it wrote to its standard error, read as UTF-8.</param>
public sealed record ProgramResult(int ExitCode, string StandardOutput, string StandardError);
