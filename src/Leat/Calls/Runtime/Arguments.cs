namespace Leat.Calls;

/// <summary>Which elements of a function's inputs are the arguments of which call. Guarded by the run's gate.</summary>
internal abstract class Arguments(CallNode[] inputs)
{
    public CallNode[] Inputs => inputs;

    /// <summary>The order of the calls.</summary>
    public abstract Space Space { get; }

    /// <summary>How many calls are known.</summary>
    public abstract int Slots { get; }

    /// <summary>True when there is a call whose arguments are complete and which was not taken yet.</summary>
    public abstract bool HasNext { get; }

    /// <summary>An element of an input is complete.</summary>
    public abstract void OnElement(int input, int slot);

    /// <summary>More may be known of the order of the inputs' elements.</summary>
    public virtual void OnMoved()
    {
    }

    /// <summary>Takes the next call whose arguments are complete.</summary>
    public abstract int Take();

    /// <summary>Tells the arguments of a call.</summary>
    /// <param name="slot">The call.</param>
    /// <param name="arguments">The slot in each input.</param>
    public abstract void Find(int slot, Span<int> arguments);

    /// <summary>A call needs its arguments no more.</summary>
    public virtual void Release(int slot)
    {
    }

    /// <summary>True when it is known, before all inputs have ended, that no more calls will come.</summary>
    public virtual bool IsSettled => false;

    /// <summary>All inputs have ended; what is wrong with them, if anything is.</summary>
    public virtual Exception? End() => null;

    public static Arguments Of(CallShape shape, CallNode[] inputs, CallNode node) => shape switch
    {
        CallShape.Product => new ProductArguments(inputs, node),
        CallShape.Pairs => new PairArguments(inputs, node),
        _ => new EachArguments(inputs),
    };
}

/// <summary>Each element of the one input is the argument of a call of its own, in the same slot.</summary>
internal sealed class EachArguments(CallNode[] inputs) : Arguments(inputs)
{
    private readonly Queue<int> ready = [];

    public override Space Space => Inputs[0].Space;

    public override int Slots => Inputs[0].Slots;

    public override bool HasNext => ready.Count > 0;

    public override void OnElement(int input, int slot) => ready.Enqueue(slot);

    public override int Take() => ready.Dequeue();

    public override void Find(int slot, Span<int> arguments) => arguments[0] = slot;

    public override void Release(int slot) => Inputs[0].Release(slot);
}
