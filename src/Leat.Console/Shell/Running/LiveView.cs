namespace Leat.Shell;

/// <summary>A run at one moment, as a terminal shows it.</summary>
/// <param name="Progress">How far it is.</param>
/// <param name="Running">What is running, the longest first.</param>
/// <param name="Elapsed">How long it has been going on.</param>
/// <param name="Failed">How many jobs failed by themselves.</param>
/// <param name="Skipped">How many could not run because of them.</param>
/// <param name="Prompt">What somebody is typing; null for nothing.</param>
internal sealed record LiveView(RunProgress Progress, IReadOnlyList<RunningJob> Running, TimeSpan Elapsed, int Failed, int Skipped, string? Prompt);
