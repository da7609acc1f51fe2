using Leat.Storage;

namespace Leat.Jobs;

// What is recorded and told.
internal sealed partial class RunEngine
{
    private long expectedTicks;
    private int succeeded, upToDate, failed, failedBeside;

    public RunProgress Progress
    {
        get
        {
            Execution[] now = [.. running.Values];
            int started = now.Count(each => each.Started is not null);
            double open = TimeSpan.FromTicks(Interlocked.Read(ref expectedTicks)).TotalSeconds - now.Sum(each => Math.Min(each.Node.Expected.TotalSeconds, each.Started is { } since ? (Now - since).TotalSeconds : 0));
            int cores = CoresInAll;
            TimeSpan? remaining = open > 0 ? TimeSpan.FromSeconds(open / cores) : null;
            return new RunProgress(run.Wanted + failedBeside, succeeded, upToDate, failed, started, Math.Max(0, scheduler.Open - started), remaining, Obstacle(started > 0));
        }
    }

    public IReadOnlyList<RunningJob> Running => [.. running.Values
        .Where(each => each.Started is not null)
        .OrderBy(each => each.Started)
        .Select(each => new RunningJob(each.Node.Job.Id, each.Started!.Value, Now - each.Started.Value, each.Instruction.Attempt, each.Node.Expected > TimeSpan.Zero ? each.Node.Expected : null, each.Log) { Machine = each.Place ?? each.Machine?.Name })];

    public bool Kill(JobId job)
    {
        if (running.Values.FirstOrDefault(each => each.Node.Job.Id == job) is not { } execution) return false;
        execution.Kill();
        return true;
    }

    public void Ended(JobNode node)
    {
        if (capacity is not null) Interlocked.Add(ref expectedTicks, -node.Expected.Ticks);
        switch (node.State)
        {
            case NodeState.Settled:
                if (node.IsWork) upToDate++;
                if (node.IsRenewed) RecordRenewed(node);
                return;
            case NodeState.Succeeded:
                if (node.IsWork) succeeded++;
                break;
            default:
                failed++;
                if (!node.IsWork) failedBeside++;
                break;
        }

        events.Tell(new JobEnded(Now, ReportOf(node)));
    }

    public void Remove(JobNode node)
    {
        foreach (string path in node.Job.Outputs)
        {
            try
            {
                File.Delete(path);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                Warn($"The temporary file '{path}' can't be removed: {error.Message}");
            }
        }
    }

    public void Unload(JobNode node) => runner?.Unload(node.Job);

    private Task RecordSuccessAsync(Execution execution, RecordedFile[] made)
    {
        JobNode node = execution.Node;
        // By what it counts in this run: its record may be older than that, if it has run before in this run.
        if (execution.KeepsContent) made = [.. made.Select((each, i) => each with { Content = node.ContentOf(made.Length > 1 ? i : -1) })];
        return RecordAsync(new LedgerRecord
        {
            Job = node.Job.Id.Text,
            Run = Id,
            Kind = LedgerKind.Succeeded,
            Started = execution.Started ?? Now - execution.Result!.Time,
            Time = execution.Result!.Time,
            Attempts = execution.Instruction.Attempt,
            Machine = execution.Result.Machine,
            State = new JobState(node.Job.Kind, node.Code, made, OutOfDate.Seen(node), []).ToBytes(),
        });
    }

    private void RecordFailure(JobNode node) => _ = RecordAsync(new LedgerRecord
    {
        Job = node.Job.Id.Text,
        Run = Id,
        Kind = LedgerKind.Failed,
        Started = Now - node.Time,
        Time = node.Time,
        Attempts = node.Attempts,
        Machine = node.Machine ?? Environment.MachineName,
        Message = LedgerText.Of(node.Error!.Message),
    });

    // Files of it have other times: with these in the record they need not be read again. Others, which are made on demand, may be gone or not what they were.
    private void RecordRenewed(JobNode node)
    {
        LedgerRecord last = ledger.Good[node.Job.Id.Text];
        RecordedFile[] files = [.. node.Record!.Outputs.Select((each, i) => node.Found[i] is { IsRenewed: true, Stamp: { } stamp } ? each with { Stamp = stamp } : each)];
        _ = RecordAsync(last with { State = (node.Record with { Outputs = files }).ToBytes() });
    }

    private void RecordSeen()
    {
        while (facts.Seen.TryDequeue(out (JobNode Node, JobState State) each))
        {
            _ = RecordAsync(new LedgerRecord { Job = each.Node.Job.Id.Text, Run = Id, Kind = LedgerKind.Succeeded, Started = Now, Machine = Environment.MachineName, State = each.State.ToBytes() });
        }
    }

    // Completes when the record survives the end of the program. What can't be recorded would be done again: the run ends, and says so.
    private async Task RecordAsync(LedgerRecord record)
    {
        try
        {
            await ledger.AppendAsync(record, CancellationToken.None).ConfigureAwait(false);
        }
        catch (ObjectDisposedException)
        {
            // The run has ended.
        }
        catch (Exception error)
        {
            inbox.Writer.TryWrite(() =>
            {
                trouble ??= error;
                BeginStop();
            });
        }
    }

    private RunReport MakeReport()
    {
        int[] counts = new int[Enum.GetValues<JobOutcome>().Length];
        foreach (JobNode node in run.Nodes)
        {
            JobOutcome outcome = OutcomeOf(node);
            if (node.IsWork || outcome is not (JobOutcome.UpToDate or JobOutcome.NotNeeded or JobOutcome.Succeeded)) counts[(int)outcome]++;
        }

        IReadOnlyList<JobNode> nodes = run.Nodes;
        return new RunReport(Id, TimeProvider.System.GetElapsedTime(beganAt), [.. nodes.Select(node => node.Job)], counts, index => ReportOf(nodes[index]));
    }

    private static JobReport ReportOf(JobNode node) => new(node.Job, OutcomeOf(node))
    {
        Reasons = node.Attempts > 0 || node.State is NodeState.Failed ? [.. node.Reasons ?? []] : [],
        Time = node.Time,
        Attempts = node.Attempts,
        Error = node.State == NodeState.Failed ? node.Error : null,
        Culprit = node.Culprit?.Job,
        Log = node.Log,
        Machine = node.Attempts > 0 ? node.Machine : null,
    };

    private static JobOutcome OutcomeOf(JobNode node) => node.State switch
    {
        NodeState.Idle => JobOutcome.NotNeeded,
        NodeState.Settled => node.IsOnDemand && !node.IsPresent ? JobOutcome.NotNeeded : JobOutcome.UpToDate,
        NodeState.Succeeded => JobOutcome.Succeeded,
        NodeState.Failed => JobOutcome.Failed,
        NodeState.Upstream => JobOutcome.Upstream,
        _ => JobOutcome.Cancelled,
    };
}
