using System.Collections.Concurrent;
using Leat.Code;
using Leat.Encoding;
using Leat.Storage;

namespace Leat.Jobs;

/// <summary>Finds out what there is to know of jobs before a run: their records, their code, their files, and what invariants see.</summary>
/// <param name="graph">The graph.</param>
/// <param name="ledger">The records.</param>
internal sealed class JobFacts(JobGraph graph, ILedgerReader ledger)
{
    // Fewer are not worth the trouble of several threads.
    private const int SmallestShare = 64;

    private readonly FileDigests files = new();
    private readonly IRecordStates? states = ledger.Good as IRecordStates;
    private readonly ConcurrentQueue<(JobNode Node, string Path)> missing = new();
    // Of functions that have captured nothing: they stay what they are.
    private readonly ConcurrentDictionary<System.Reflection.MethodInfo, Digest> stateless = [];

    /// <summary>What invariants have seen for the first time, or otherwise than before: to be recorded.</summary>
    public ConcurrentQueue<(JobNode Node, JobState State)> Seen { get; } = new();

    /// <summary>Input files that are not there, with the jobs that stand for them.</summary>
    public IReadOnlyCollection<(JobNode Node, string Path)> Missing => missing;

    /// <summary>Finds out about nodes; what goes wrong with one is its error.</summary>
    public void Find(List<JobNode> nodes)
    {
        // Files first: actions may have captured them.
        Each([.. nodes.Where(node => node.IsInvariant)]);
        Each([.. nodes.Where(node => !node.IsInvariant)]);
    }

    private void Each(List<JobNode> nodes)
    {
        if (nodes.Count <= SmallestShare)
        {
            nodes.ForEach(Find);
            return;
        }

        Parallel.ForEach(Partitioner.Create(0, nodes.Count, Math.Max(SmallestShare, nodes.Count / (8 * Environment.ProcessorCount))), range =>
        {
            for (int i = range.Item1; i < range.Item2; i++) Find(nodes[i]);
        });
    }

    private void Find(JobNode node)
    {
        try
        {
            FindRecord(node);
            if (node.IsInvariant)
            {
                FindInvariant(node);
                return;
            }

            node.Code = CodeOf(node.Job);
            if (!Definition.MakesFiles(node.Job)) return;
            node.IsIntact = StateMatch.IsIntact(node);
            if (!node.IsIntact) FindFiles(node);
        }
        catch (Exception error) when (error is LeatException or IOException or UnauthorizedAccessException)
        {
            node.Error = error;
        }
        catch (Exception error)
        {
            // A value that can't be encoded, a test of the author's that throws.
            node.Error = JobErrors.NotLookedAt(node.Job, error);
        }
    }

    private void FindRecord(JobNode node)
    {
        if (states is not null && states.TryGetState(node.Job.Id.Text, out ReadOnlyMemory<byte> state, out TimeSpan time))
        {
            node.RecordBytes = state;
            node.Expected = time;
        }
        else if (states is null && ledger.Good.TryGetValue(node.Job.Id.Text, out LedgerRecord? record))
        {
            node.RecordBytes = record.State;
            node.Expected = record.Time;
        }
        else
        {
            node.NeverSucceeded = ledger.Latest.ContainsKey(node.Job.Id.Text);
        }
    }

    private Digest CodeOf(Job job)
    {
        if (job.IgnoresCode) return default;
        if (job is CommandJob command) return command.Plan!.Digest(command.Outputs, graph.Folder);
        Delegate action = job.Body!.Function;
        // Makers run in every run, with whatever they have captured: the graph, for one.
        return job is GenerateJob or InjectJob ? DelegateCode.FingerprintOf(action) : Identity(job, action);
    }

    private Digest Identity(Job job, Delegate function)
    {
        try
        {
            return CapturedDigest.HasState(function) ? CapturedDigest.Of(function, FileContext.ForDigest(files, job)) : stateless.GetOrAdd(function.Method, static (_, some) => CapturedDigest.Of(some, context: null), function);
        }
        catch (LeatException error)
        {
            throw JobErrors.ActionUnknown(job, error);
        }
    }

    private static void FindFiles(JobNode node)
    {
        OutputPaths outputs = node.Job.Outputs;
        RecordedFile[] recorded = node.Record?.Outputs ?? [];
        node.Found = new FoundFile[outputs.Count];
        node.IsRedeclared = recorded.Length != outputs.Count;
        for (int i = 0; i < outputs.Count; i++)
        {
            FileStamp? stamp = FileStamp.Of(outputs[i]);
            RecordedFile? last = i < recorded.Length ? recorded[i] : null;
            if (last is not null && last.Value.Path != node.Job.Graph!.IdOfOutput(node.Job, i)) (node.IsRedeclared, last) = (true, null);
            bool isSame = stamp is not null && last is { } then && (then.Stamp == stamp || (then.Stamp.Size == stamp.Value.Size && FileContent.DigestOf(outputs[i]) == then.Content));
            bool isRenewed = isSame && last!.Value.Stamp != stamp;
            node.Found[i] = new FoundFile(stamp, isSame, isRenewed);
            node.IsRenewed |= isRenewed;
        }
    }

    private void FindInvariant(JobNode node)
    {
        JobState? last = node.Record;
        switch (node.Job)
        {
            case InputFileJob or InputFilesJob:
                ObserveFiles(node, node.Job.Outputs.Select((path, i) => (path, node.Job.Outputs.Names[i])), node.Job is InputFileJob);
                return;
            case InputFolderJob folder:
                if (!Directory.Exists(folder.Outputs[0])) missing.Enqueue((node, folder.Outputs[0]));
                else ObserveFiles(node, FilesIn(folder), isAlone: false);
                return;
            case IParameter parameter:
                byte[] value = parameter.Encode();
                bool counts = last is null || (!last.Value.AsSpan().SequenceEqual(value) && !parameter.Accepts(last.Value));
                Take(node, Digest.Of(counts ? value : last!.Value), counts, [], value);
                return;
            case FunctionJob function:
                Digest code = Identity(function, function.Function);
                Take(node, code, last?.Code != code, [], []);
                return;
            case EnvironmentJob environment:
                string text = environment.Variable is { } name ? Environment.GetEnvironmentVariable(name) is { } set ? $"={set}" : "" : Blocking.ResultOf(new ValueTask<string>(ToolAnswer.OfAsync(environment, graph.Folder)));
                Take(node, Digest.OfText(text), last is null || System.Text.Encoding.UTF8.GetString(last.Value) != text, [], System.Text.Encoding.UTF8.GetBytes(text));
                return;
        }
    }

    private void ObserveFiles(JobNode node, IEnumerable<(string Path, string Id)> all, bool isAlone)
    {
        RecordedFile[] recorded = node.Record?.Outputs ?? [];
        Dictionary<string, RecordedFile>? byId = recorded.Length > 1 ? recorded.ToDictionary(each => each.Path, StringComparer.Ordinal) : null;
        List<RecordedFile> found = [];
        var observer = new FileObserver(files);
        foreach ((string path, string id) in all)
        {
            RecordedFile? last = byId is not null ? (byId.TryGetValue(id, out RecordedFile known) ? known : null)
                : recorded is [{ } single] && single.Path == id ? single : null;
            if (observer.Observe(path, id, last) is { } file) found.Add(file);
            else missing.Enqueue((node, path));
        }

        found.Sort((one, other) => string.CompareOrdinal(one.Path, other.Path));
        Digest content = isAlone && found.Count == 1 ? found[0].Content : FileSet.ContentOf(found, node.Job is InputFolderJob folder ? $"{graph.IdOfPath(folder.Outputs[0])}/" : null);
        Take(node, content, !found.SequenceEqual(recorded), [.. found], []);
    }

    private IEnumerable<(string Path, string Id)> FilesIn(InputFolderJob folder)
    {
        foreach (string path in FolderFiles.In(folder.Outputs[0], folder.Pattern, folder.IsRecursive))
        {
            // What the graph keeps for itself is no input.
            if (!path.StartsWith(graph.StateFolder + Path.DirectorySeparatorChar, StringComparison.Ordinal)) yield return (path, graph.IdOfPath(path));
        }
    }

    private void Take(JobNode node, Digest content, bool isNew, RecordedFile[] found, byte[] value)
    {
        node.Content = content;
        node.Outputs = found.Length > 1 ? [.. found.Select(each => each.Content)] : [];
        if (isNew) Seen.Enqueue((node, new JobState(node.Job.Kind, content, found, [], value)));
    }
}
