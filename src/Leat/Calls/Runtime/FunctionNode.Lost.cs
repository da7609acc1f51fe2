namespace Leat.Calls;

// Results that a cache had promised and has lost since: they are computed again for the calls that need them.
internal sealed partial class FunctionNode<TOut>
{
    private readonly Dictionary<int, List<CallSite>> waiting = [];
    private readonly HashSet<int> revived = [];

    public override void Revive(int slot, CallSite waitingCall)
    {
        var site = new CallSite();
        site.Set(waitingCall.Node, waitingCall.Slot);
        if (waiting.TryGetValue(slot, out List<CallSite>? others))
        {
            others.Add(site);
            return;
        }

        if (!TryReopen(slot))
        {
            // Another has been quicker.
            site.Node.TakeAgain(site.Slot);
            return;
        }

        waiting.Add(slot, [site]);
        revived.Add(slot);
        TakeAgain(slot);
    }

    private protected override void Announce(int slot)
    {
        if (!waiting.Remove(slot, out List<CallSite>? calls))
        {
            base.Announce(slot);
            return;
        }

        foreach (CallSite call in calls) call.Node.TakeAgain(call.Slot);
    }

    private bool IsRevived(int slot)
    {
        lock (Run.Gate) return revived.Contains(slot);
    }
}
