using System.Collections.Immutable;

namespace Leat;

/// <summary>Something that happened in a run; also a line of the run's <c>events.jsonl</c>.</summary>
/// <param name="Time">When.</param>
public abstract record JobEvent(DateTimeOffset Time);

/// <summary>The run has begun.</summary>
/// <param name="Time">When.</param>
/// <param name="Run">Its id.</param>
/// <param name="Jobs">How many jobs the graph has.</param>
public sealed record RunStarted(DateTimeOffset Time, string Run, int Jobs) : JobEvent(Time);

/// <summary>A job must run, and waits for its turn.</summary>
/// <param name="Time">When.</param>
/// <param name="Job">Its name.</param>
/// <param name="Reasons">Why.</param>
public sealed record JobQueued(DateTimeOffset Time, JobId Job, ImmutableArray<JobReason> Reasons) : JobEvent(Time);

/// <summary>An attempt at a job has begun.</summary>
/// <param name="Time">When.</param>
/// <param name="Job">Its name.</param>
/// <param name="Attempt">Which attempt, from 1.</param>
public sealed record JobStarted(DateTimeOffset Time, JobId Job, int Attempt) : JobEvent(Time);

/// <summary>An attempt at a job failed, and there will be another.</summary>
/// <param name="Time">When.</param>
/// <param name="Job">Its name.</param>
/// <param name="Attempt">Which attempt, from 1.</param>
/// <param name="Error">Why it failed.</param>
/// <param name="Delay">How long it waits.</param>
public sealed record JobRetried(DateTimeOffset Time, JobId Job, int Attempt, Exception Error, TimeSpan Delay) : JobEvent(Time);

/// <summary>A job has ended. Jobs that are up to date, or not needed, are told of by their numbers alone.</summary>
/// <param name="Time">When.</param>
/// <param name="Report">What became of it.</param>
public sealed record JobEnded(DateTimeOffset Time, JobReport Report) : JobEvent(Time);

/// <summary>Something odd that does not end the run: a damaged journal, a machine that is shared with others.</summary>
/// <param name="Time">When.</param>
/// <param name="Message">What, in sentences.</param>
public sealed record RunWarning(DateTimeOffset Time, string Message) : JobEvent(Time);

/// <summary>The run has ended.</summary>
/// <param name="Time">When.</param>
/// <param name="Report">What it has done.</param>
public sealed record RunEnded(DateTimeOffset Time, RunReport Report) : JobEvent(Time);
