namespace Leat;

/// <summary>Something that a run tells about itself while it goes on; see <see cref="FlowOptions.Events"/>.</summary>
/// <param name="Stage">The name of the stage that it is about.</param>
public abstract record RunEvent(string Stage);

/// <summary>An item was dropped, because its stage says <see cref="OnError.Skip"/>.</summary>
/// <param name="Failure">The item and why it failed.</param>
public sealed record ItemSkipped(ItemFailure Failure) : RunEvent(Failure.Stage);

/// <summary>An item failed and is tried again.</summary>
/// <param name="Failure">The item, why it failed and how often it was tried.</param>
public sealed record ItemRetried(ItemFailure Failure) : RunEvent(Failure.Stage);

/// <summary>
/// A body did not return in time after it was cancelled; its thread was left behind and replaced.
/// </summary>
/// <param name="Stage">The name of the stage.</param>
public sealed record BodyAbandoned(string Stage) : RunEvent(Stage);

/// <summary>
/// A branch of a pipe that is used twice holds more items than its capacity, because its branches meet again
/// and the other one must run ahead; waiting instead would wait for ever.
/// </summary>
/// <param name="Stage">The name of the pipe that is used twice.</param>
/// <param name="Buffered">How many items the branch may hold now.</param>
public sealed record TeeBuffered(string Stage, int Buffered) : RunEvent(Stage);

/// <summary>A branch of a pipe that is used twice took all that it wanted and was detached; the others go on.</summary>
/// <param name="Stage">The name of the pipe that is used twice.</param>
public sealed record BranchDetached(string Stage) : RunEvent(Stage);
