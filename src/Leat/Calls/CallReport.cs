using System.Diagnostics;
using System.Globalization;
using System.Text;
using Leat.Calls;

namespace Leat;

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
