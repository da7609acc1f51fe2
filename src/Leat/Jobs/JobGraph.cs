using System.Diagnostics.CodeAnalysis;
using Leat.Encoding;
using Leat.Jobs;
using Leat.Storage;

namespace Leat;

/// <summary>
/// Jobs that make files and values, and what each of them needs. A run does of them what is out of date, and nothing else; see <c>docs/jobs.md</c>
/// for the rules. A graph can be run again and again.
/// </summary>
/// <remarks>Not safe for several threads, but for its generators.</remarks>
[StaysHere("jobs belong to the program that made their graph; make further jobs in the action of a job made by graph.Generate")]
public sealed partial class JobGraph
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Job> byId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Job> byOutput = new(StringComparer.Ordinal);
    private readonly List<Job> jobs = [];
    private readonly List<(Job Job, JobEdge Edge)> injected = [];
    private bool isRunning;

    /// <summary>Creates a graph without jobs. Nothing is read or written until it runs.</summary>
    /// <param name="options">What there is to say about it; null for the defaults.</param>
    public JobGraph(JobGraphOptions? options = null)
    {
        Options = options ?? new JobGraphOptions();
        Folder = Path.GetFullPath(Options.Folder ?? Directory.GetCurrentDirectory());
        Ledger = Options.Ledger ?? new Journal(StateFolder);
    }

    /// <summary>The whole path of the folder in which relative paths begin.</summary>
    public string Folder { get; }

    /// <summary>All jobs, in the order in which they were made.</summary>
    public IReadOnlyList<Job> Jobs
    {
        get
        {
            lock (gate) return [.. jobs];
        }
    }

    internal JobGraphOptions Options { get; }

    internal ILedger Ledger { get; }

    internal string StateFolder => Path.Combine(Folder, ".leat");

    internal Lock Gate => gate;

    // All jobs; guarded by the gate.
    internal List<Job> All => jobs;

    /// <summary>Finds a job by its name, or by the path of one of its files.</summary>
    /// <param name="name">The name, or a path, absolute or from the graph's folder.</param>
    /// <param name="input">The job, or that output of it.</param>
    /// <returns>False if there is none.</returns>
    public bool TryFind(string name, [NotNullWhen(true)] out IJobInput? input)
    {
        ArgumentNullException.ThrowIfNull(name);
        lock (gate)
        {
            if (byId.TryGetValue(name, out Job? job) || (name.Length > 0 && byId.TryGetValue(IdOf(FullPath(name)), out job)))
            {
                input = job;
                return true;
            }

            input = null;
            if (name.Length == 0 || MakerOf(FullPath(name)) is not { } maker) return false;
            job = maker;
            input = new JobOutput(job, Array.IndexOf(job.Outputs.ToArray(), FullPath(name)));
            return true;
        }
    }

    /// <summary>Adds a job, or finds the same one again.</summary>
    internal T Add<T>(T job)
        where T : Job
    {
        lock (gate)
        {
            RefuseChange($"The job '{job.Id}' is made");
            if (byId.TryGetValue(job.Id.Text, out Job? known))
            {
                return Definition.Difference(known, job) is { } difference ? throw JobErrors.DefinedOtherwise(known, difference) : (T)known;
            }

            if (Definition.MakesFiles(job)) Claim(job);
            job.Maker = JobScope.Current?.Maker;
            job.Index = jobs.Count;
            byId.Add(job.Id.Text, job);
            jobs.Add(job);
            return job;
        }
    }

    // The files of a job are its own. One whose name is that of its file is found by that.
    private void Claim(Job job)
    {
        for (int i = 0; i < job.Outputs.Count; i++)
        {
            string output = job.Outputs[i];
            // One that is named after its file was looked for by its name already.
            if ((IsNamedAfter(job) ? byOutput.GetValueOrDefault(output) : MakerOf(output)) is { } other)
            {
                Release(job, i);
                throw JobErrors.OutputTaken(output, other, job.Id.Text);
            }

            if (!IsNamedAfter(job)) byOutput.Add(output, job);
        }
    }

    // The first of its files are anybody's again.
    private void Release(Job job, int count)
    {
        if (IsNamedAfter(job)) return;
        for (int i = 0; i < count; i++) byOutput.Remove(job.Outputs[i]);
    }

    private static bool IsNamedAfter(Job job) => job.Kind is JobKind.File or JobKind.TempFile or JobKind.Plot;

    internal void AddEdge(Job job, JobEdge edge)
    {
        lock (gate)
        {
            if (job.HasEdge(edge)) return;
            RefuseChange($"The job '{job.Id}' is made to depend on '{edge.Job.Id}'");
            if (JobScope.Current?.Maker is GenerateJob maker && job.Maker != maker) throw JobErrors.ForeignPrerequisite(maker, job, edge.Job);
            job.AddEdge(edge);
            // The next run has its makers say it again.
            if (JobScope.Current?.Maker is not null && job.Maker is null) injected.Add((job, edge));
        }
    }

    /// <summary>Refuses a change at a time, or in a place, where there must be none.</summary>
    internal void RefuseChange(string what)
    {
        if (JobScope.Current is { Maker: null } scope) throw JobErrors.MadeInAction(scope.Job, what);
        if (isRunning && JobScope.Current?.Maker is null) throw JobErrors.ChangedWhileRunning(what);
    }

    /// <summary>A run begins: what makers made in the last one is forgotten, as they will make it again.</summary>
    internal void BeginRun()
    {
        lock (gate)
        {
            if (isRunning) throw JobErrors.AlreadyRunning(Folder);
            isRunning = true;
            foreach ((Job job, JobEdge edge) in injected) job.RemoveEdge(edge);
            injected.Clear();
            if (!jobs.Exists(job => job.Maker is not null)) return;
            foreach (Job job in jobs)
            {
                if (job.Maker is null) continue;
                byId.Remove(job.Id.Text);
                if (!Definition.MakesFiles(job)) continue;
                Release(job, job.Outputs.Count);
            }

            jobs.RemoveAll(job => job.Maker is not null);
            for (int i = 0; i < jobs.Count; i++) jobs[i].Index = i;
        }
    }

    internal void EndRun()
    {
        lock (gate) isRunning = false;
    }

    internal Job? MakerOf(string output)
    {
        lock (gate) return byId.TryGetValue(IdOf(output), out Job? job) && IsNamedAfter(job) ? job : byOutput.GetValueOrDefault(output);
    }

    internal IReadOnlyList<Job> DependantsOf(Job input)
    {
        lock (gate) return [.. jobs.Where(job => job.Edges.Exists(edge => edge.Job == input))];
    }

    internal string IdOfPath(string fullPath) => IdOf(fullPath);

    /// <summary>What one of a job's outputs is called in records.</summary>
    internal string IdOfOutput(Job job, int output) => IsNamedAfter(job) ? job.Id.Text : IdOf(job.Outputs[output]);

    private string FullPath(string path) => Path.GetFullPath(path, Folder);

    // The path from the graph's folder, if it lies in there.
    private string IdOf(string fullPath)
    {
        string id = fullPath.StartsWith(Folder, StringComparison.Ordinal) && fullPath.Length > Folder.Length + 1 && fullPath[Folder.Length] == Path.DirectorySeparatorChar
            ? fullPath[(Folder.Length + 1)..]
            : Folder.Length == 1 ? fullPath[1..] : fullPath;
        return Path.DirectorySeparatorChar == '/' ? id : id.Replace(Path.DirectorySeparatorChar, '/');
    }

    private (JobId Id, string Path) FileOf(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (path.Contains('\0', StringComparison.Ordinal)) throw JobErrors.BadPath(path, "it holds a zero character");
        if (path[^1] == '/' || path[^1] == Path.DirectorySeparatorChar) throw JobErrors.BadPath(path, "it ends as that of a folder");
        string full = FullPath(path);
        if (full == Folder) throw JobErrors.BadPath(path, "it is the graph's folder");
        // Mostly the path is in order, and need not be kept twice.
        bool isId = full.Length == Folder.Length + 1 + path.Length && full.EndsWith(path, StringComparison.Ordinal) && full.StartsWith(Folder, StringComparison.Ordinal) && Path.DirectorySeparatorChar == '/';
        return (new JobId(isId ? path : IdOf(full)), full);
    }

    private static JobId IdOfText(string id)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        return new JobId(id);
    }
}
