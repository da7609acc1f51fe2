namespace Leat.Streams;

/// <summary>Gives every item of a pipe to each of its users.</summary>
/// <remarks>
/// All branches go at the pace of the slowest, but when branches meet again further on, one may have to run ahead of
/// another before either can go on: then the one that is full is allowed to hold more, and the run says so. A user
/// that wants no more is left out; when none wants more, the pipe ends.
/// </remarks>
internal sealed class TeeNode<T> : Node
{
    private readonly Link<T> input;
    private readonly Link<T>[] branches;
    private readonly bool meetAgain;
    private readonly bool[] detached;

    public TeeNode(Run run, string name, Link<T> input, int? capacity, int users, bool meetAgain)
        : base(run, name)
    {
        this.input = input;
        this.meetAgain = meetAgain;
        detached = new bool[users];
        branches = [.. Enumerable.Range(0, users).Select(_ => new Link<T>(input.Pool, capacity, 1))];
        foreach (Link<T> branch in branches)
        {
            branch.OnClosed = OnBranchClosed;
        }
    }

    public IReadOnlyList<Link<T>> Branches => branches;

    public override int Queued => branches.Max(branch => branch.Queued);

    public override bool IsVisible => false;

    protected override bool IsWhole => base.IsWhole && input.End != LinkEnd.Failed;

    protected override void LaunchAll()
    {
        var worker = new Worker(Run);
        Launch(worker, () => WorkAsync(worker.Lane));
    }

    protected override void EndOutput(LinkEnd end)
    {
        foreach (Link<T> branch in branches)
        {
            branch.Complete(end);
        }
    }

    protected override void CloseInputs() => input.Close();

    private async Task WorkAsync(Lane lane)
    {
        while (await ReserveAsync(lane).ConfigureAwait(false) is > 0 and int places)
        {
            if (input.TryTake(places, out Batch<T> batch))
            {
                Deal(batch, places);
                continue;
            }

            foreach (Link<T> branch in OpenBranches())
            {
                branch.Unreserve(places);
            }

            if (input.End != LinkEnd.Open)
            {
                return;
            }

            await input.WaitForItemsAsync(lane).ConfigureAwait(false);
        }
    }

    private IEnumerable<Link<T>> OpenBranches() => branches.Where((branch, i) => !detached[i]);

    // Reserves the same number of places in every branch; 0 when nobody wants more.
    private async ValueTask<int> ReserveAsync(Lane lane)
    {
        while (true)
        {
            Detach();
            if (Array.TrueForAll(detached, gone => gone))
            {
                return 0;
            }

            List<Link<T>> open = [.. OpenBranches()];
            int common = open.Min(branch => branch.Free);
            if (common > 0)
            {
                int places = Math.Min(common, BatchPool<T>.BatchSize);
                open.ForEach(branch => branch.TryReserve(places));
                return places;
            }

            if (!Widen(open))
            {
                // Before the last look: what happens after it wakes the lane.
                open.ForEach(branch => branch.Watch(lane));
                if (open.TrueForAll(branch => branch.Free > 0) || open.Exists(branch => branch.IsClosed) || MustWiden(open))
                {
                    continue;
                }

                await lane.WaitAsync().ConfigureAwait(false);
            }
        }
    }

    private bool MustWiden(List<Link<T>> open) => meetAgain && open.Exists(b => b.IsHungry) && open.Exists(b => b.Free <= 0);

    private bool Widen(List<Link<T>> open)
    {
        if (!MustWiden(open))
        {
            return false;
        }

        foreach (Link<T> full in open.Where(b => b.Free <= 0))
        {
            int limit = full.Widen(out bool beyondBound);
            if (beyondBound)
            {
                Run.Tell(new TeeBuffered(Name, limit));
            }
        }

        return true;
    }

    private void Detach()
    {
        for (int i = 0; i < branches.Length; i++)
        {
            if (!detached[i] && branches[i].IsClosed)
            {
                detached[i] = true;
                if (!IsCancelled)
                {
                    Run.Tell(new BranchDetached(Name));
                }
            }
        }
    }

    private void Deal(Batch<T> batch, int places)
    {
        Link<T>? last = null;
        foreach (Link<T> branch in OpenBranches())
        {
            if (last is not null)
            {
                Batch<T> copy = input.Pool.Rent();
                copy.Append(batch, batch.Start, batch.Count);
                last.Push(copy, places);
            }

            last = branch;
        }

        last!.Push(batch, places);
    }

    private void OnBranchClosed()
    {
        if (Array.TrueForAll(branches, branch => branch.IsClosed))
        {
            CancelWork();
        }
    }
}
