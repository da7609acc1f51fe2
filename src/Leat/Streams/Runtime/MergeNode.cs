namespace Leat.Streams;

/// <summary>Puts the items of several pipes of one type into one: as they come, or one pipe after the other.</summary>
internal sealed class MergeNode<T>(Run run, string name, IReadOnlyList<Link<T>> inputs, Link<T> output, bool inTurn) : Node(run, name)
{
    private volatile bool cutShort;

    public override int Queued => output.Queued;

    public override bool EndsWithAnyInput => false;

    protected override bool IsWhole => base.IsWhole && !cutShort;

    protected override void LaunchAll()
    {
        if (inTurn)
        {
            var worker = new Worker(Run);
            Launch(worker, () => ForwardAsync(worker, inputs));
            return;
        }

        foreach (Link<T> input in inputs)
        {
            var worker = new Worker(Run);
            Launch(worker, () => ForwardAsync(worker, [input]));
        }
    }

    protected override void EndOutput(LinkEnd end) => output.Complete(end);

    protected override void CloseInputs()
    {
        foreach (Link<T> input in inputs)
        {
            input.Close();
        }
    }

    private async Task ForwardAsync(Worker worker, IReadOnlyList<Link<T>> links)
    {
        foreach (Link<T> link in links)
        {
            if (!await ForwardAsync(worker, link).ConfigureAwait(false))
            {
                return;
            }
        }
    }

    // False when nobody wants more.
    private async ValueTask<bool> ForwardAsync(Worker worker, Link<T> link)
    {
        while (true)
        {
            int places = output.TryReserve(BatchPool<T>.BatchSize);
            if (places < 0)
            {
                return false;
            }

            if (places == 0)
            {
                await output.WaitForRoomAsync(worker.Lane).ConfigureAwait(false);
            }
            else if (link.TryTake(places, out Batch<T> batch))
            {
                worker.CountIn(batch.Count);
                worker.Out = worker.In;
                output.Push(batch, places);
            }
            else
            {
                output.Unreserve(places);
                LinkEnd end = link.End;
                if (end != LinkEnd.Open)
                {
                    cutShort |= end == LinkEnd.Failed;
                    return end != LinkEnd.Failed;
                }

                await link.WaitForItemsAsync(worker.Lane).ConfigureAwait(false);
            }
        }
    }
}
