namespace Leat.Calls;

/// <summary>What there is at the next place of an order.</summary>
internal enum Step
{
    /// <summary>An element.</summary>
    Element,

    /// <summary>It is not known yet.</summary>
    Wait,

    /// <summary>Nothing: the order has come to its end.</summary>
    End,
}

/// <summary>
/// The order of a node's elements. They are numbered as they become known; that number, the slot, says where an element is kept.
/// At which place of the order it stands may come out later, when all before it are known.
/// </summary>
internal abstract class Space
{
    /// <summary>Goes through the order from its start.</summary>
    public abstract Cursor CreateCursor();
}

/// <summary>Goes through the order of a node's elements, as far as it is known.</summary>
internal abstract class Cursor
{
    /// <summary>Goes to the next element.</summary>
    public abstract Step TryNext(out int slot);
}

/// <summary>The order of elements that become known one after the other.</summary>
internal sealed class DenseSpace(CallNode node) : Space
{
    public override Cursor CreateCursor() => new DenseCursor(node);

    private sealed class DenseCursor(CallNode node) : Cursor
    {
        private int next;

        public override Step TryNext(out int slot)
        {
            slot = next;
            if (next >= node.Slots) return node.IsWhole ? Step.End : Step.Wait;
            next++;
            return Step.Element;
        }
    }
}

/// <summary>The slots of a space in their order, as far as it is known.</summary>
internal sealed class Order(Space space)
{
    private readonly Cursor cursor = space.CreateCursor();
    private readonly List<int> slots = [];
    private bool hasEnded;

    /// <summary>How many places are known.</summary>
    public int Known => slots.Count;

    /// <summary>The slot at a known place.</summary>
    public int this[int place] => slots[place];

    /// <summary>Looks at a place; extends what is known if it can.</summary>
    public Step At(int place, out int slot)
    {
        while (slots.Count <= place && !hasEnded)
        {
            Step step = cursor.TryNext(out int next);
            if (step == Step.Wait)
            {
                slot = -1;
                return Step.Wait;
            }

            if (step == Step.End) hasEnded = true;
            else slots.Add(next);
        }

        slot = place < slots.Count ? slots[place] : -1;
        return place < slots.Count ? Step.Element : Step.End;
    }
}

/// <summary>The place of each slot, as far as it is known.</summary>
internal sealed class Places(Space space)
{
    private readonly Cursor cursor = space.CreateCursor();
    private readonly Dictionary<int, int> places = [];

    /// <summary>The place of a slot; -1 if it is not known yet.</summary>
    public int Of(int slot)
    {
        while (!places.ContainsKey(slot) && cursor.TryNext(out int next) == Step.Element) places.Add(next, places.Count);
        return places.GetValueOrDefault(slot, -1);
    }
}
