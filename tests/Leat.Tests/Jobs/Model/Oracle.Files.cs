namespace Leat.Tests.Jobs.Model;

// What becomes of temporary files.
internal sealed partial class Oracle
{
    private bool IsThere(Atom atom) => verdicts[atom].HasRun || verdicts[atom].WasThere;

    // Nobody needs it any more, and nobody who is not part of this run may.
    private bool IsGone(Atom atom) => !targets.Contains(atom) && DependantsOf(atom).All(each => verdicts.ContainsKey(each) && IsDone(each));

    private bool IsKept(Atom atom) => targets.Contains(atom) || DependantsOf(atom).Any(each => each.IsEager && !(verdicts.ContainsKey(each) && IsDone(each)));

    private bool IsDone(Atom atom)
    {
        Verdict verdict = verdicts[atom];
        if (!atom.IsOnDemand) return verdict.HasRun || verdict.IsSettled;
        // A value that is loaded has no verdict of its own.
        return verdict.HasRun || (!verdict.IsLost && !verdict.HasFailed && !verdict.IsUpstream && DependantsOf(atom).Where(verdicts.ContainsKey).All(IsDone));
    }

    private IEnumerable<Atom> DependantsOf(Atom atom) => atoms.All.Where(each => each.Inputs.Exists(input => input.Atom == atom));

    // A file that was there may have been removed before a maker made somebody who needs it; then it is made again, and so is what it needs. And whether a
    // job is wanted that an injector gives to one that is lost depends on which of the two comes first.
    private HashSet<Atom> Vague()
    {
        HashSet<Atom> vague = [];
        var stack = new Stack<Atom>();
        foreach (Atom atom in verdicts.Keys.Where(each => each.IsTemporary && verdicts[each].WasThere && DependantsOf(each).Any(IsFromMaker))) stack.Push(atom);
        while (stack.TryPop(out Atom? atom))
        {
            if (!vague.Add(atom)) continue;
            foreach (Atom needed in NeededBy(atom)) stack.Push(needed);
        }

        HashSet<Atom> lost = WantedOf(injectedReads.Where(each => verdicts[each.Atom].IsLost).Select(each => each.Input.Atom));
        vague.UnionWith(lost.Where(each => each.IsOnDemand || targets.Count > 0));
        return vague;
    }

    private static bool IsFromMaker(Atom atom) => atom.Maker is not null || atom.Inputs.Exists(each => each.Atom.Kind == JobKind.Inject);
}
