namespace Leat.Calls;

/// <summary>Values that are there from the start.</summary>
internal sealed class ListNode<T> : CallNode<T>
{
    private readonly T[] values;

    public ListNode(Evaluation run, T[] values)
        : base(run, "values", [])
    {
        this.values = values;
        Space = new DenseSpace(this);
    }

    public override void Start()
    {
        Grow(values.Length);
        IsWhole = true;
        for (int slot = 0; slot < values.Length; slot++) Complete(slot, values[slot]);
    }

    public override void OnElement(int input, int slot)
    {
    }

    public override void OnInputEnded(int input)
    {
    }
}
