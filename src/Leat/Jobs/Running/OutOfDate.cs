using System.Security.Cryptography;
using Leat.Encoding;

namespace Leat.Jobs;

/// <summary>The rules by which a job is out of date, from what is known of it.</summary>
internal static class OutOfDate
{
    /// <summary>Why a job is out of date; empty if it is not. Its inputs are settled.</summary>
    /// <param name="node">The job.</param>
    /// <param name="isKnown">In a plan, whether it is known by which digest an input will count; null if that of all is.</param>
    public static List<JobReason> Reasons(JobNode node, Func<JobNode, bool>? isKnown = null)
    {
        if (node.Record is not { } record) return [new JobReason(node.NeverSucceeded ? JobReasonKind.NeverSucceeded : JobReasonKind.NeverRan)];
        List<JobReason> reasons = [];
        if (!node.Job.IgnoresCode && record.Code != node.Code) reasons.Add(new JobReason(node.Job is CommandJob ? JobReasonKind.CommandChanged : JobReasonKind.CodeChanged));
        if (node.IsRedeclared) reasons.Add(new JobReason(JobReasonKind.CodeChanged, "", "it made other files before"));
        AddInputs(node, record, isKnown, reasons);
        AddOutputs(node, reasons);
        return reasons;
    }

    /// <summary>Why a job that comes last is out of date: something is not as it was when it last ran.</summary>
    public static List<JobReason> ReasonsOfFinal(JobNode node)
    {
        if (node.Record is not { } record) return [new JobReason(node.NeverSucceeded ? JobReasonKind.NeverSucceeded : JobReasonKind.NeverRan)];
        List<JobReason> reasons = [];
        if (!node.Job.IgnoresCode && record.Code != node.Code) reasons.Add(new JobReason(JobReasonKind.CodeChanged));
        // Everything comes first, under a name that no job has; behind it stand those that it was said to need.
        if (record.Inputs is not [{ Key: "" } everything, ..]) return [.. reasons, new JobReason(JobReasonKind.InputChanged, "everything")];
        if (everything.Content != node.Content) reasons.Add(new JobReason(JobReasonKind.InputChanged, "everything"));
        AddInputs(node, record with { Inputs = record.Inputs[1..] }, isKnown: null, reasons);
        return reasons;
    }

    /// <summary>True for a reason that making the same files again does away with.</summary>
    public static bool IsOfOutput(JobReason reason) => reason.Kind is JobReasonKind.OutputMissing or JobReasonKind.OutputEmpty or JobReasonKind.OutputChanged;

    /// <summary>A job counts by what it left when it last succeeded.</summary>
    public static void TakeRecorded(JobNode node)
    {
        RecordedFile[] outputs = node.Record!.Outputs;
        Take(node, [.. outputs.Select(output => output.Content)]);
    }

    /// <summary>A job counts by these digests of its outputs.</summary>
    public static void Take(JobNode node, Digest[] contents)
    {
        node.Content = ContentOfAll(contents);
        node.Outputs = contents.Length == 1 ? [] : contents;
    }

    /// <summary>By which digest several outputs count together.</summary>
    public static Digest ContentOfAll(Digest[] outputs)
    {
        if (outputs.Length == 1) return outputs[0];
        byte[] bytes = new byte[outputs.Length * Digest.Size];
        for (int i = 0; i < outputs.Length; i++) outputs[i].CopyTo(bytes.AsSpan(i * Digest.Size));
        return Digest.Of(bytes);
    }

    /// <summary>By which digest a value counts that is loaded: its code, and all that it is loaded from.</summary>
    public static Digest ContentOfLoad(JobNode node)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, node.Code);
        // In the order of the names by which they count: a file that has moved has another key.
        foreach ((string name, NodeEdge edge) in node.Inputs.Select(edge => (edge.IsMovable ? Path.GetFileName(edge.Key) : edge.Key, edge)).OrderBy(each => each.Item1, StringComparer.Ordinal))
        {
            hash.AppendData(System.Text.Encoding.UTF8.GetBytes(name));
            Append(hash, edge.Node.ContentOf(edge.Output));
        }

        return new Digest(hash.GetHashAndReset());
    }

    /// <summary>The digest of everything that there is, whatever the order in which it was defined.</summary>
    public static Digest ContentOfAll(IEnumerable<JobNode> nodes)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (JobNode node in nodes.Where(node => node is { IsWanted: true, IsEager: true } && node.Job.Kind != JobKind.Final).OrderBy(node => node.Job.Id.Text, StringComparer.Ordinal))
        {
            hash.AppendData(System.Text.Encoding.UTF8.GetBytes(node.Job.Id.Text));
            Append(hash, node.Content);
        }

        return new Digest(hash.GetHashAndReset());
    }

    /// <summary>What a job has seen, for the record of its success.</summary>
    public static RecordedInput[] Seen(JobNode node)
    {
        RecordedInput[] inputs = [.. node.Inputs.Select(edge => new RecordedInput(edge.Key, edge.IsMovable, edge.Node.ContentOf(edge.Output)))];
        return node.Job.Kind == JobKind.Final ? [new RecordedInput("", false, node.Content), .. inputs] : inputs;
    }

    // Both are ordered by key.
    private static void AddInputs(JobNode node, JobState record, Func<JobNode, bool>? isKnown, List<JobReason> reasons)
    {
        NodeEdge[] now = node.Inputs;
        RecordedInput[] then = record.Inputs;
        List<NodeEdge>? added = null;
        List<RecordedInput>? removed = null;
        int i = 0, j = 0;
        while (i < now.Length || j < then.Length)
        {
            int order = i == now.Length ? 1 : j == then.Length ? -1 : string.CompareOrdinal(now[i].Key, then[j].Key);
            if (order < 0)
            {
                (added ??= []).Add(now[i++]);
            }
            else if (order > 0)
            {
                (removed ??= []).Add(then[j++]);
            }
            else
            {
                NodeEdge edge = now[i++];
                RecordedInput seen = then[j++];
                if (isKnown?.Invoke(edge.Node) != false && edge.Node.ContentOf(edge.Output) != seen.Content) reasons.Add(new JobReason(JobReasonKind.InputChanged, Name(edge.Key)));
            }
        }

        if (added is null && removed is null) return;
        PairMoved(added, removed);
        foreach (NodeEdge edge in added ?? []) reasons.Add(new JobReason(JobReasonKind.InputAdded, Name(edge.Key)));
        foreach (RecordedInput seen in removed ?? []) reasons.Add(new JobReason(JobReasonKind.InputRemoved, Name(seen.Key)));
    }

    // A file that has moved, with its name and its content, is the same one.
    private static void PairMoved(List<NodeEdge>? added, List<RecordedInput>? removed)
    {
        if (added is null || removed is null) return;
        for (int i = added.Count - 1; i >= 0; i--)
        {
            NodeEdge edge = added[i];
            if (!edge.IsMovable) continue;
            int same = removed.FindIndex(seen => seen.IsMovable && seen.Content == edge.Node.ContentOf(edge.Output) && Path.GetFileName(seen.Key) == Path.GetFileName(edge.Key));
            if (same < 0) continue;
            removed.RemoveAt(same);
            added.RemoveAt(i);
        }
    }

    private static void AddOutputs(JobNode node, List<JobReason> reasons)
    {
        for (int i = 0; i < node.Found.Length; i++)
        {
            FoundFile found = node.Found[i];
            string name = node.Job.Outputs.Names[i];
            if (found.Stamp is not { } stamp) reasons.Add(new JobReason(JobReasonKind.OutputMissing, name));
            else if (stamp.Size == 0 && !node.Job.Options.AllowEmpty) reasons.Add(new JobReason(JobReasonKind.OutputEmpty, name));
            else if (!found.IsAsRecorded) reasons.Add(new JobReason(JobReasonKind.OutputChanged, name));
        }

    }

    /// <summary>What an input is called in reasons.</summary>
    public static string NameOf(NodeEdge edge) => Name(edge.Key);

    private static string Name(string key) => key.Replace("\0", ":", StringComparison.Ordinal);

    private static void Append(IncrementalHash hash, Digest digest)
    {
        Span<byte> bytes = stackalloc byte[Digest.Size];
        digest.CopyTo(bytes);
        hash.AppendData(bytes);
    }
}
