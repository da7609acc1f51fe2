using System.Diagnostics;
using System.Globalization;
using System.Text;
using Leat.Calls;

namespace Leat;

/// <summary>Where the result of a call came from.</summary>
public enum CallOrigin
{
    /// <summary>It has not run: an argument of it has failed, or the run has ended before.</summary>
    NotRun,

    /// <summary>The function was called.</summary>
    Ran,

    /// <summary>The result was in the cache.</summary>
    FromCache,

    /// <summary>An equal call ran at the same time, and its result was taken.</summary>
    Shared,

    /// <summary>The function has failed.</summary>
    Failed,
}

/// <summary>How far a run of calls has come.</summary>
public sealed record CallProgress
{
    /// <summary>Calls that are known so far; more may come to light, as inputs are listed and lists flattened.</summary>
    public int Known { get; init; }

    /// <summary>Calls that are being made.</summary>
    public int Running { get; init; }

    /// <summary>Calls that have run.</summary>
    public int Ran { get; init; }

    /// <summary>Calls whose results were in a cache.</summary>
    public int FromCache { get; init; }

    /// <summary>Calls that took the result of an equal one that ran at the same time.</summary>
    public int Shared { get; init; }

    /// <summary>Calls that have failed.</summary>
    public int Failed { get; init; }

    /// <summary>Calls that will not be made, because an argument of theirs has failed.</summary>
    public int NotRun { get; init; }

    /// <summary>Calls of which it is known what became of them.</summary>
    public int Done => Ran + FromCache + Shared + Failed + NotRun;

    /// <summary>True when the run has ended.</summary>
    public bool IsCompleted { get; init; }
}

/// <summary>What became of one call, and why.</summary>
/// <param name="Call">The name of the function.</param>
/// <param name="Number">The place of its result among those of the function's other calls in the same expression, from 0; -1 if it is not known yet.</param>
/// <param name="Arguments">Its arguments in a few words; … for one that was forgotten when it was needed no more.</param>
/// <param name="Origin">Where its result came from.</param>
/// <param name="Reason">Why it ran, or did not.</param>
/// <param name="Started">When it was started, since the start of the run.</param>
/// <param name="Time">How long the function took: for results from a cache, when it ran.</param>
public sealed record CallExplanation(string Call, long Number, string Arguments, CallOrigin Origin, string Reason, TimeSpan Started, TimeSpan Time)
{
    /// <summary>One line.</summary>
    public override string ToString()
    {
        string number = Number < 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" #{Number}");
        return string.Create(CultureInfo.InvariantCulture, $"{Call}{number}({Arguments}): {Reason} [{Time.TotalMilliseconds:0.0} ms]");
    }
}

/// <summary>What became of the calls of a run, and why.</summary>
public sealed class CallReport
{
    private const int MostLines = 100;

    private readonly Evaluation run;

    private CallReport(Evaluation run) => this.run = run;

    /// <summary>A line for each call that is known; of some hundred thousands it takes a while. Reasons of misses are found by looking through the cache.</summary>
    public IEnumerable<CallExplanation> Calls => run.Logs.SelectMany(each => CallsOf(each.Node, each.Log));

    /// <summary>How many calls of each function have which origin.</summary>
    public IReadOnlyList<(string Call, CallOrigin Origin, int Count)> Summary
    {
        get
        {
            lock (run.Gate)
            {
                return [.. from each in run.Logs
                           from origin in Enum.GetValues<CallOrigin>()
                           let count = each.Log.Counts[(int)origin]
                           where count > 0
                           group count by (each.Node.Name, origin) into same
                           select (same.Key.Name, same.Key.origin, same.Sum())];
            }
        }
    }

    /// <summary>How many calls of each function have run or were found, and a line for each of the first hundred that were not found.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (IGrouping<string, (string Call, CallOrigin Origin, int Count)> function in Summary.GroupBy(each => each.Call, StringComparer.Ordinal))
        {
            text.Append(function.Key).Append(": ").AppendJoin(", ", function.Select(each => string.Create(CultureInfo.InvariantCulture, $"{each.Count:N0} {Words(each.Origin)}"))).Append('\n');
        }

        foreach (CallExplanation call in Calls.Where(call => call.Origin != CallOrigin.FromCache).Take(MostLines)) text.Append("  ").Append(call).Append('\n');
        return text.ToString();
    }

    internal static CallReport Of(Evaluation run) => new(run);

    // In their order, and last those of which the place is not known yet.
    private IEnumerable<int> SlotsOf(CallNode node)
    {
        int count;
        List<int> order = [];
        lock (run.Gate)
        {
            count = node.Slots;
            Cursor cursor = node.Space.CreateCursor();
            while (cursor.TryNext(out int slot) == Step.Element)
            {
                if (slot < count) order.Add(slot);
            }
        }

        return order.Count == count ? order : order.Union(Enumerable.Range(0, count));
    }

    private static string Words(CallOrigin origin) => origin switch
    {
        CallOrigin.Ran => "ran",
        CallOrigin.FromCache => "from the cache",
        CallOrigin.Shared => "shared",
        CallOrigin.Failed => "failed",
        _ => "not run",
    };

    private IEnumerable<CallExplanation> CallsOf(CallNode node, CallLog log)
    {
        MissReasons reasons = new(node, run);
        foreach (int slot in SlotsOf(node))
        {
            CallLog.Line line;
            CallFailure? failure;
            long place;
            lock (run.Gate)
            {
                line = log.LineOf(slot);
                failure = node.StateOf(slot) == CellState.Failed ? node.FailureOf(slot) : null;
                place = run.PlaceOf(node, slot);
            }

            CallLog.Miss? miss = log.MissOf(slot);
            string reason = !line.IsKnown ? "it has not run yet"
                : line.Origin switch
                {
                    CallOrigin.FromCache => "its result was in the cache",
                    CallOrigin.Shared => "an equal call ran at the same time",
                    CallOrigin.NotRun => $"not run: {failure?.Origin.Name} has failed",
                    CallOrigin.Failed => $"failed: {failure?.Error.Message}",
                    _ when miss is not null => $"ran: {reasons.Of(miss)}",
                    _ => reasons.HasCache ? "ran: its result was not in the cache" : "ran: it has no cache",
                };
            TimeSpan started = line.Started == 0 ? TimeSpan.Zero : Stopwatch.GetElapsedTime(run.StartedAt, line.Started);
            yield return new CallExplanation(node.Name, place, miss is null ? node.DescribeArguments(slot) : string.Join(", ", miss.Arguments), line.Origin, reason, started, TimeSpan.FromTicks(line.Time));
        }
    }
}
