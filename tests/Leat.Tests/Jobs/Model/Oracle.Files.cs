namespace Leat.Tests.Jobs.Model;

// What becomes of temporary files.
internal sealed partial class Oracle
{
    private bool IsThere(Atom atom) => verdicts[atom].HasRun || verdicts[atom].WasThere;

    // Nobody needs it any more, and nobody who is not part of this run may.
    private bool IsGone(Atom atom) => !targets.Contains(atom) && DependantsOf(atom).All(each => verdicts.ContainsKey(each) && IsDone(each));

    // Behind the last of those that are known it is removed, and made again only for who can run.
    private bool IsKept(Atom atom) => targets.Contains(atom) || DependantsOf(atom).Any(each => each.IsEager && !IsFromMaker(each) && !(verdicts.ContainsKey(each) && IsDone(each)));

    private bool IsDone(Atom atom)
    {
        Verdict verdict = verdicts[atom];
        if (!atom.IsOnDemand) return verdict.HasRun || verdict.IsSettled;
        // A value that is loaded has no verdict of its own.
        return verdict.HasRun || (!verdict.IsLost && !verdict.HasFailed && !verdict.IsUpstream && DependantsOf(atom).Where(verdicts.ContainsKey).All(IsDone));
    }

    private IEnumerable<Atom> DependantsOf(Atom atom) => atoms.All.Where(each => each.Inputs.Exists(input => input.Atom == atom));

    // Those that depend on it, also through values that are loaded from it.
    private IEnumerable<Atom> UsersOf(Atom atom) => DependantsOf(atom).SelectMany(each => each.Kind == JobKind.Load ? UsersOf(each).Prepend(each) : [each]);

    // A file may have been removed before a maker made somebody who needs it; then it is made again, and so is what it needs.
    private HashSet<Atom> MadeAgain(Func<Verdict, bool> which)
    {
        HashSet<Atom> again = [];
        var stack = new Stack<Atom>(verdicts.Keys.Where(each => each.IsTemporary && which(verdicts[each]) && UsersOf(each).Any(IsFromMaker)));
        while (stack.TryPop(out Atom? atom))
        {
            if (!again.Add(atom)) continue;
            foreach (Atom needed in NeededBy(atom)) stack.Push(needed);
        }

        return again;
    }

    // Of one that was there it depends on the order whether it is; and so it does of what was there when one that is made again was made for the first time.
    // And whether a job is wanted that an injector gives to one that is lost depends on which of the two comes first. What holds something else than that by
    // which it counts is made again where its time has changed, too.
    private IEnumerable<Atom> Vague() => MadeAgain(verdict => verdict.WasThere)
        .Concat(MadeAgain(verdict => verdict.HasRun).Where(each => !verdicts[each].HasRun))
        .Concat(verdicts.Keys.Where(each => verdicts[each].HasRun).SelectMany(NeededBy).Where(each => verdicts[each].WasThere && memory.Jobs[each.Id].Differs))
        .Concat(WantedOf(injectedReads.Where(each => verdicts[each.Atom].IsLost).Select(each => each.Input.Atom)).Where(each => each.IsOnDemand || targets.Count > 0));

    private static bool IsFromMaker(Atom atom) => atom.Maker is not null || atom.Inputs.Exists(each => each.Atom.Kind == JobKind.Inject);
}
