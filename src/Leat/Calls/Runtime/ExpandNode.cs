namespace Leat.Calls;

/// <summary>The elements of its input's lists, one after the other; in place of a list that has failed, its failure.</summary>
internal sealed class ExpandNode<T> : CallNode<T>
{
    private readonly CallNode<T[]> input;

    // Of each list: where its elements start, and how many it has; -1 when it has not come.
    private readonly List<(int Start, int Count)> parts = [];

    public ExpandNode(Evaluation run, string name, CallNode<T[]> input)
        : base(run, name, [input])
    {
        this.input = input;
        Space = new ExpandedSpace(this);
        input.NeedsValues = true;
        input.SingleUsers++;
    }

    public override void OnElement(int input, int slot)
    {
        CallFailure? failure = this.input.FailureOf(slot);
        T[] values = failure is null ? this.input.ValueOf(slot) : [default!];
        while (parts.Count <= slot) parts.Add((0, -1));
        int start = Slots;
        parts[slot] = (start, values.Length);
        Grow(start + values.Length);
        if (failure is not null)
        {
            Fail(start, failure);
        }
        else
        {
            for (int i = 0; i < values.Length; i++) Complete(start + i, values[i]);
            this.input.Release(slot);
        }

        Run.TellMoved(this);
    }

    public override void OnMoved() => Run.TellMoved(this);

    public override void OnInputEnded(int input) => IsWhole = true;

    private sealed class ExpandedSpace(ExpandNode<T> node) : Space
    {
        public override Cursor CreateCursor() => new ExpandedCursor(node, node.input.Space.CreateCursor());
    }

    private sealed class ExpandedCursor(ExpandNode<T> node, Cursor lists) : Cursor
    {
        private int list = -1;
        private int next;

        public override Step TryNext(out int slot)
        {
            slot = -1;
            while (true)
            {
                if (list < 0)
                {
                    Step step = lists.TryNext(out list);
                    if (step != Step.Element)
                    {
                        list = -1;
                        return step;
                    }

                    next = 0;
                }

                (int start, int count) = list < node.parts.Count ? node.parts[list] : (0, -1);
                if (count < 0) return Step.Wait;
                if (next < count)
                {
                    slot = start + next++;
                    return Step.Element;
                }

                list = -1;
            }
        }
    }
}
