namespace Leat.Calls;

/// <summary>The elements at the same place of all inputs are the arguments of a call, whose slot is that place.</summary>
internal sealed class PairArguments : Arguments
{
    private readonly Order[] orders;
    private readonly Queue<int> ready = [];

    // Of each input by place: whether its element is complete; of each place, how many inputs have such an element.
    private readonly List<int>[] placeOf;
    private readonly List<int> complete = [];
    private readonly int[] known;

    public PairArguments(CallNode[] inputs, CallNode node)
        : base(inputs)
    {
        orders = [.. inputs.Select(input => new Order(input.Space))];
        placeOf = [.. inputs.Select(_ => new List<int>())];
        known = new int[inputs.Length];
        Space = new DenseSpace(node);
    }

    public override Space Space { get; }

    public override int Slots => known.Min();

    public override bool HasNext => ready.Count > 0;

    public override void OnElement(int input, int slot)
    {
        OnMoved();
        if (slot < placeOf[input].Count && placeOf[input][slot] is >= 0 and int place) Count(place);
    }

    public override void OnMoved()
    {
        for (int input = 0; input < orders.Length; input++)
        {
            while (orders[input].At(known[input], out int slot) == Step.Element)
            {
                int place = known[input]++;
                List<int> places = placeOf[input];
                while (places.Count <= slot) places.Add(-1);
                places[slot] = place;
                while (complete.Count <= place) complete.Add(0);
                // Complete elements that could not be placed before; those that complete now are counted by their own news.
                if (Inputs[input].IsTold(slot)) Count(place);
            }
        }
    }

    public override int Take() => ready.Dequeue();

    public override void Find(int slot, Span<int> arguments)
    {
        for (int input = 0; input < orders.Length; input++) arguments[input] = orders[input][slot];
    }

    public override void Release(int slot)
    {
        for (int input = 0; input < orders.Length; input++) Inputs[input].Release(orders[input][slot]);
    }

    // One has ended, and another has more.
    public override bool IsSettled =>
        known.Max() is var most && Enumerable.Range(0, orders.Length).Any(input => known[input] < most && orders[input].At(known[input], out _) == Step.End);

    public override Exception? End()
    {
        OnMoved();
        return known.All(count => count == known[0]) ? null : CallErrors.UnequalLengths(Inputs, known);
    }

    private void Count(int place)
    {
        if (++complete[place] == orders.Length) ready.Enqueue(place);
    }
}
