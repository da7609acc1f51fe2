namespace Leat.Calls;

/// <summary>Every combination of the inputs' elements makes up the arguments of a call.</summary>
/// <remarks>
/// When an element completes, it is combined with all those of the other inputs that have completed before it: these calls are
/// a block, and blocks follow each other in the numbers of the slots. So no call is written down, and of a million of them
/// each is known by what is kept of two thousand elements. The number of a call is that of the first of its block, the block
/// being that of the element which came last, and what it is within the block.
/// </remarks>
internal sealed class ProductArguments : Arguments
{
    private readonly int count;
    private readonly List<Block> blocks = [];

    // Of each input: its elements in the order in which they came, and of each slot, which of them it is; -1 if it has not come.
    private readonly List<int>[] arrived;
    private readonly List<int>[] rankOf;
    private readonly List<int>[] blockOf;
    private readonly Order[] orders;
    private int slots;
    private int taken;
    private bool isTooLarge;
    private int takenBlock;

    public ProductArguments(CallNode[] inputs, CallNode node)
        : base(inputs)
    {
        count = inputs.Length;
        arrived = [.. inputs.Select(_ => new List<int>())];
        rankOf = [.. inputs.Select(_ => new List<int>())];
        blockOf = [.. inputs.Select(_ => new List<int>())];
        orders = [.. inputs.Select(input => new Order(input.Space))];
        Space = new ProductSpace(this);
        Name = node.Name;
    }

    public string Name { get; }

    public override Space Space { get; }

    public override int Slots => slots;

    public override bool HasNext => taken < slots;

    public override void OnElement(int input, int slot)
    {
        if (isTooLarge) return;
        List<int> ranks = rankOf[input];
        while (ranks.Count <= slot) ranks.Add(-1);
        ranks[slot] = arrived[input].Count;
        if (Inputs.Aggregate(1.0, (all, each) => all * each.Slots) > int.MaxValue)
        {
            // Those that were not taken yet are not made either.
            isTooLarge = true;
            slots = taken;
            return;
        }

        var counts = new int[count];
        int size = 1;
        for (int i = 0; i < count; i++)
        {
            counts[i] = i == input ? 1 : arrived[i].Count;
            size *= counts[i];
        }

        blockOf[input].Add(blocks.Count);
        blocks.Add(new Block(slots, size, input, arrived[input].Count, counts));
        arrived[input].Add(slot);
        slots += size;
    }

    public override int Take() => taken++;

    public override void Find(int slot, Span<int> arguments)
    {
        Block block = blocks[FindBlock(slot)];
        int rest = slot - block.Start;
        for (int input = count - 1; input >= 0; input--)
        {
            (rest, int rank) = Math.DivRem(rest, block.Counts[input]);
            arguments[input] = arrived[input][input == block.Input ? block.Rank : rank];
        }
    }

    public override bool IsSettled => isTooLarge || Array.Exists(orders, order => order.At(0, out _) == Step.End);

    public override Exception? End() => isTooLarge ? CallErrors.TooManyCalls(Name) : null;

    // Calls are mostly taken in order, so it is mostly the block of the last one or the next.
    private int FindBlock(int slot)
    {
        int found = takenBlock;
        if (!Holds(found, slot))
        {
            while (found + 1 < blocks.Count && found < takenBlock + 2 && !Holds(found, slot)) found++;
            if (!Holds(found, slot)) found = Search(slot);
        }

        return takenBlock = found;
    }

    private bool Holds(int block, int slot) => slot >= blocks[block].Start && slot < blocks[block].Start + blocks[block].Size;

    // The last block that starts at the slot or before it; those before it that start there are empty.
    private int Search(int slot)
    {
        int low = 0;
        int high = blocks.Count - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            if (blocks[middle].Start <= slot) low = middle;
            else high = middle - 1;
        }

        return low;
    }

    // The slot of a combination, which is known when all of its elements have come.
    private bool TryFind(ReadOnlySpan<int> elements, out int slot)
    {
        Span<int> ranks = stackalloc int[count];
        int latest = -1;
        slot = -1;
        for (int input = 0; input < count; input++)
        {
            int element = elements[input];
            ranks[input] = element < rankOf[input].Count ? rankOf[input][element] : -1;
            if (ranks[input] < 0) return false;
            latest = Math.Max(latest, blockOf[input][ranks[input]]);
        }

        Block block = blocks[latest];
        int within = 0;
        for (int input = 0; input < count; input++)
        {
            within = (within * block.Counts[input]) + (input == block.Input ? 0 : ranks[input]);
        }

        slot = block.Start + within;
        return slot < slots;
    }

    private readonly record struct Block(int Start, int Size, int Input, int Rank, int[] Counts);

    private sealed class ProductSpace(ProductArguments product) : Space
    {
        public override Cursor CreateCursor() => new ProductCursor(product);
    }

    private sealed class ProductCursor(ProductArguments product) : Cursor
    {
        private readonly int[] places = new int[product.count];
        private readonly int[] elements = new int[product.count];
        private bool hasEnded;

        public override Step TryNext(out int slot)
        {
            slot = -1;
            while (!hasEnded)
            {
                int input = 0;
                for (; input < places.Length; input++)
                {
                    Step step = product.orders[input].At(places[input], out elements[input]);
                    if (step == Step.Wait) return Step.Wait;
                    if (step == Step.End) break;
                }

                if (input == places.Length)
                {
                    if (!product.TryFind(elements, out slot)) return Step.Wait;
                    places[^1]++;
                    return Step.Element;
                }

                // An input without elements, or the first one at its end, ends all of it.
                if (input == 0 || places[input] == 0) hasEnded = true;
                else Carry(input);
            }

            return Step.End;
        }

        private void Carry(int input)
        {
            places[input - 1]++;
            for (int i = input; i < places.Length; i++) places[i] = 0;
        }
    }
}
