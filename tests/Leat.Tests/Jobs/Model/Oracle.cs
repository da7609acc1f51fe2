namespace Leat.Tests.Jobs.Model;

/// <summary>
/// Says what a run must do, by the rules of the design, from the jobs of a model, their files and what they saw and left before. It goes from a job to its
/// inputs by recursion, looks at every file, and knows nothing of how the engine does it.
/// </summary>
/// <param name="folder">The graph's folder.</param>
/// <param name="specs">The jobs.</param>
/// <param name="memory">What they did before.</param>
/// <param name="run">The run.</param>
internal sealed partial class Oracle(string folder, IReadOnlyList<JobSpec> specs, Memory memory, RunSpec run)
{
    private readonly AtomMaker atoms = new(folder);
    private readonly Dictionary<Atom, Verdict> verdicts = [];
    private readonly Dictionary<Atom, string[]> results = [];
    private readonly Dictionary<Atom, List<Atom>> children = [];
    private readonly HashSet<Atom> targets = [];
    private bool anyFailed;

    /// <summary>What the run must do.</summary>
    public Expectation Expect()
    {
        atoms.Add(specs);
        foreach (int number in run.Targets)
        {
            if (atoms.Find(number) is { } atom) targets.Add(atom);
        }

        Atom[] statics = [.. atoms.All];
        bool wantsAll = targets.Count == 0 || targets.Any(each => each.Kind == JobKind.Final);
        Atom[] roots = wantsAll ? [.. statics.Where(each => each.IsEager), .. targets] : [.. targets];
        if (WantedOf(roots).Any(IsInputMissing)) return new Expectation { IsRefused = true };
        foreach (Atom atom in roots.Where(each => each.Kind != JobKind.Final)) Settle(atom);
        // In a loop, for makers may be found among what is made.
        foreach (Atom maker in statics.Where(each => each.IsMaker && (wantsAll || targets.Contains(each))))
        {
            foreach (Atom child in children.GetValueOrDefault(maker) ?? []) if (child.IsEager) Settle(child);
        }

        // What only they need comes before them, as far as it must run for its own sake.
        foreach (Atom input in WantedOf(roots.Where(each => each.Kind == JobKind.Final)).Where(each => each.Kind != JobKind.Final).ToArray()) Settle(input);
        anyFailed = verdicts.Values.Any(each => each.HasFailed);
        foreach (Atom atom in roots.Where(each => each.Kind == JobKind.Final)) Settle(atom);
        InjectIntoUnwanted();
        HashSet<Atom> vague = [.. Vague().SelectMany(each => LoadsOf(each).Prepend(each))];
        return new Expectation
        {
            Ran = [.. verdicts.Where(each => each.Value.HasRun && each.Key.Kind != JobKind.Load).Select(each => each.Key.Id)],
            Failed = [.. verdicts.Where(each => each.Value.HasFailed).Select(each => each.Key.Id)],
            Upstream = [.. verdicts.Where(each => each.Value.IsUpstream).Select(each => each.Key.Id)],
            Loads = [.. verdicts.Keys.Where(atom => verdicts[atom].HasRun || verdicts[atom].HasFailed).SelectMany(LoadsOf).Select(each => each.Id)],
            Parameters = verdicts.Keys.Where(each => each.Kind == JobKind.Parameter).ToDictionary(each => each.Id, TokenOfParameter),
            Seen = verdicts.Where(each => each.Value.HasRun && each.Key.Kind != JobKind.Load).ToDictionary(each => each.Key.Id, each => SeenBy(each.Key)),
            Files = verdicts.Keys.Where(each => each.Outputs.Length > 0 && !verdicts[each].IsLost && !vague.Contains(each) && (verdicts[each].HasRun || each.IsEager || targets.Contains(each)))
                .SelectMany(atom => atom.Outputs.Select((output, i) => (output.Path, Bytes: atom.Encode(ResultOf(atom)[i]), MustExist: !atom.IsTemporary)))
                .ToDictionary(each => each.Path, each => (each.Bytes, each.MustExist)),
            Texts = verdicts.Keys.Where(each => each.Outputs.Length > 0 && !verdicts[each].IsLost).ToDictionary(each => each.Id, ResultOf),
            Gone = [.. verdicts.Keys.Where(each => each.IsTemporary && !vague.Contains(each) && IsThere(each) && IsGone(each)).SelectMany(each => each.Outputs.Select(output => output.Path))],
            Kept = [.. verdicts.Keys.Where(each => each.IsTemporary && !vague.Contains(each) && IsThere(each) && IsKept(each)).SelectMany(each => each.Outputs.Select(output => output.Path))],
            Vague = [.. vague.Select(each => each.Id)],
            IsOpen = vague.Count > 0 && (memory.Jobs.Values.Any(each => each.Differs) || atoms.All.Exists(each => each.IgnoresCode)),
            Again = [.. MadeAgain(verdict => verdict.HasRun).Select(each => each.Id)],
        };
    }

    private static HashSet<Atom> WantedOf(IEnumerable<Atom> roots)
    {
        HashSet<Atom> wanted = [];
        var stack = new Stack<Atom>(roots);
        while (stack.TryPop(out Atom? atom))
        {
            if (!wanted.Add(atom)) continue;
            foreach (AtomInput input in atom.Inputs) stack.Push(input.Atom);
        }

        return wanted;
    }

    private bool IsInputMissing(Atom atom) => atom.Kind is JobKind.InputFile or JobKind.InputFiles && atom.Spec.Files.Any(letter => !File.Exists(Path.Combine(folder, atom.Spec.PathOf(letter))));

    // What counts of a job is known, or it was lost; and if it had to run for its own sake, it did.
    private Verdict Settle(Atom atom)
    {
        if (verdicts.TryGetValue(atom, out Verdict? known)) return known;
        var verdict = new Verdict();
        // Makers add to these while they are settled.
        for (int i = 0; i < atom.Inputs.Count; i++)
        {
            Verdict input = Settle(atom.Inputs[i].Atom);
            verdict.IsLost |= input.IsLost;
            if (!input.IsLost && atom.Inputs[i].Atom.Kind == JobKind.Inject) AddInjected(atom, atom.Inputs[i].Atom);
        }

        verdicts.Add(atom, verdict);
        if (verdict.IsLost || (atom.Kind == JobKind.Final && anyFailed))
        {
            verdict.IsLost = true;
            verdict.IsUpstream = true;
            return verdict;
        }

        // Of what was declared at once nothing is missing, or nothing runs; what makers need comes later.
        if (IsInputMissing(atom)) verdict.IsLost = verdict.HasFailed = true;
        if (atom.IsInvariant || atom.Kind == JobKind.Load) return verdict;
        bool isOutOfDate = IsOutOfDate(atom);
        verdict.WasThere = !isOutOfDate && AreOutputsAsLeft(atom);
        if (isOutOfDate || (!verdict.WasThere && (!atom.IsOnDemand || targets.Contains(atom)))) verdict.IsLost = !Run(atom);
        else verdict.IsSettled = true;
        return verdict;
    }

    private void AddInjected(Atom atom, Atom injector)
    {
        foreach (AtomInput input in Injected(injector))
        {
            injectedReads.Add((atom, injector, input));
            if (!atom.Inputs.Contains(input)) atom.Inputs.Add(input);
        }
    }

    // Nobody wants them in this run, but they may need what is made in it.
    private void InjectIntoUnwanted()
    {
        foreach (Atom atom in atoms.All.Where(each => !verdicts.ContainsKey(each)))
        {
            Atom[] injectors = [.. atom.Inputs.Select(each => each.Atom).Where(children.ContainsKey).Where(each => each.Kind == JobKind.Inject)];
            foreach (Atom injector in injectors) atom.Inputs.AddRange(Injected(injector));
        }
    }

    private AtomInput[] Injected(Atom injector) => [.. atoms.Injected(injector), .. children[injector].Select(each => new AtomInput(each, -1))];

    // Runs a job; false if it could not, or failed.
    private bool Run(Atom atom)
    {
        Verdict verdict = verdicts[atom];
        if (verdict.IsDecided) return verdict.HasRun;
        verdict.IsDecided = true;
        // All of them are asked for, also where one fails.
        foreach (Atom needed in NeededBy(atom).ToArray()) verdict.IsUpstream |= !verdicts[needed].WasThere && !Run(needed);
        if (verdict.IsUpstream) return false;
        if (LoadsOf(atom).Any(IsTold) || IsTold(atom) || !Make(atom))
        {
            verdict.HasFailed = true;
            return false;
        }

        verdict.HasRun = true;
        return true;
    }

    private bool Make(Atom atom)
    {
        if (atom.IsMaker)
        {
            children[atom] = atoms.AddChildren(atom, TextsFor(atom));
            return true;
        }

        string[] made = atom.Kind == JobKind.Final ? [] : atom.Make(TextsFor(atom));
        if (atom.Kind is not (JobKind.Cached or JobKind.Final) && !AllowsEmpty(atom) && made.Contains("")) return false;
        results[atom] = made;
        return true;
    }

    private static bool AllowsEmpty(Atom atom) => atom.Spec.AllowsEmpty;

    private bool IsTold(Atom atom) => run.Failing.Contains(atom.Id);

    // What must be there before it runs, and is made on demand; through values that are loaded from it.
    private static IEnumerable<Atom> NeededBy(Atom atom) => atom.Inputs
        .Select(each => each.Atom)
        .Where(each => each.IsOnDemand)
        .SelectMany(each => each.Kind == JobKind.Load ? NeededBy(each) : [each])
        .Distinct();

    // Other programs have nothing of what is loaded here.
    private static IEnumerable<Atom> LoadsOf(Atom atom) => atom.Kind == JobKind.Command ? [] : atom.Inputs
        .Select(each => each.Atom)
        .Where(each => each.Kind == JobKind.Load)
        .SelectMany(each => (IEnumerable<Atom>)[.. LoadsOf(each), each])
        .Distinct();

    private sealed class Verdict
    {
        /// <summary>It is not known what counts of it: it failed, or something that it needs did.</summary>
        public bool IsLost { get; set; }

        /// <summary>It counts by what it left before.</summary>
        public bool IsSettled { get; set; }

        /// <summary>Its files were there, as it left them.</summary>
        public bool WasThere { get; set; }

        public bool IsDecided { get; set; }

        public bool HasRun { get; set; }

        public bool HasFailed { get; set; }

        public bool IsUpstream { get; set; }
    }
}

/// <summary>What is known of earlier runs.</summary>
internal sealed class Memory
{
    public Dictionary<string, Seen> Jobs { get; } = new(StringComparer.Ordinal);

    /// <summary>By which values parameters counted last.</summary>
    public Dictionary<string, int> Parameters { get; } = new(StringComparer.Ordinal);

    /// <summary>Some have read what others made by a code that does not count.</summary>
    public bool HasDiffered { get; set; }
}

/// <summary>What a run must do.</summary>
internal sealed record Expectation
{
    /// <summary>It does not run at all, because inputs are missing.</summary>
    public bool IsRefused { get; init; }

    public HashSet<string> Ran { get; init; } = [];

    public HashSet<string> Failed { get; init; } = [];

    public HashSet<string> Upstream { get; init; } = [];

    /// <summary>The values that something needs that runs, or tries to.</summary>
    public HashSet<string> Loads { get; init; } = [];

    public Dictionary<string, int> Parameters { get; init; } = [];

    /// <summary>What the jobs that ran have seen and left.</summary>
    public Dictionary<string, Seen> Seen { get; init; } = [];

    /// <summary>What the jobs count by that were not lost.</summary>
    public Dictionary<string, string[]> Texts { get; init; } = [];

    /// <summary>What the files hold of all that ran or must have been right, and whether they must be there.</summary>
    public Dictionary<string, (byte[] Bytes, bool MustExist)> Files { get; init; } = [];

    /// <summary>Temporary files that nobody needs any more.</summary>
    public string[] Gone { get; init; } = [];

    /// <summary>Temporary files that somebody needs who did not succeed.</summary>
    public string[] Kept { get; init; } = [];

    /// <summary>Jobs of which it depends on the order whether they run.</summary>
    public HashSet<string> Vague { get; init; } = [];

    /// <summary>What is read depends on the order, too, since a code that does not count made what was there, and another one would make it again.</summary>
    public bool IsOpen { get; init; }

    /// <summary>Jobs that may run twice.</summary>
    public HashSet<string> Again { get; init; } = [];
}
