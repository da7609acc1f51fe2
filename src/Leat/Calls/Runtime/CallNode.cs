using Leat.Encoding;
using Leat.Storage;

namespace Leat.Calls;

/// <summary>What stands for something deferred in one run. All of it is guarded by the run's gate, unless it says otherwise.</summary>
internal abstract class CallNode(Evaluation run, string name, CallNode[] inputs)
{
    public Evaluation Run => run;

    public string Name => name;

    public CallNode[] Inputs => inputs;

    /// <summary>Those that use its elements, and as which of their inputs. What feeds two inputs of one node stands here twice.</summary>
    public List<(CallNode Node, int Input)> Users { get; } = [];

    /// <summary>Its place in the order in which nodes can be computed.</summary>
    public int Rank { get; set; }

    /// <summary>True when its elements are results of calls.</summary>
    public virtual bool CallsFunction => false;

    /// <summary>The order of its elements.</summary>
    public Space Space { get; protected init; } = null!;

    /// <summary>How many elements are known.</summary>
    public int Slots { get; protected set; }

    /// <summary>How many of them are complete.</summary>
    public int Completed { get; protected set; }

    /// <summary>True when no more elements will become known.</summary>
    public bool IsWhole { get; protected set; }

    /// <summary>True when it is whole and complete, and its users know.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>True when elements must have their values at hand, and not only be known to be in a cache.</summary>
    public virtual bool NeedsValues { get; set; }

    /// <summary>How many users are done with each element when they have used it once.</summary>
    public int SingleUsers { get; set; }

    /// <summary>How many users may need any element until they have ended.</summary>
    public int LastingUsers { get; set; }

    /// <summary>Starts what does not wait for an input.</summary>
    public virtual void Start()
    {
    }

    /// <summary>An element of an input is complete.</summary>
    public abstract void OnElement(int input, int slot);

    /// <summary>More may be known of the order of an input's elements.</summary>
    public virtual void OnMoved()
    {
    }

    /// <summary>An input has ended.</summary>
    public abstract void OnInputEnded(int input);

    /// <summary>Ends it, when it is time to; true the one time that it does.</summary>
    public bool TryEnd()
    {
        if (HasEnded || !IsWhole || Completed < Slots) return false;
        HasEnded = true;
        OnEnded();
        return true;
    }

    public abstract CellState StateOf(int slot);

    /// <summary>Why an element has no value; null if it has one.</summary>
    public abstract CallFailure? FailureOf(int slot);

    /// <summary>A user that uses elements one by one has used one.</summary>
    public abstract void Release(int slot);

    /// <summary>A user that may need any element has ended.</summary>
    public abstract void ReleaseAll();

    /// <summary>Gets an element's value at hand; false when its bytes are lost. For workers, outside of the gate.</summary>
    /// <param name="slot">The element.</param>
    /// <param name="lost">Whose bytes are lost.</param>
    public abstract bool TryResolve(int slot, out (CallNode Node, int Slot) lost);

    /// <summary>What an element is in keys. For workers, outside of the gate.</summary>
    public abstract Digest DigestOf(int slot, FileDigests files);

    /// <summary>Where the bytes of an element are that was not loaded yet; null where they are at hand, or too few to matter.</summary>
    public virtual StoredObject? StoredOf(int slot) => null;

    /// <summary>An element as bytes; null when they are lost. For workers, outside of the gate.</summary>
    public abstract EncodedValue? TryEncode(int slot, FileDigests files, out (CallNode Node, int Slot) lost);

    /// <summary>An element in a few words. Outside of the gate.</summary>
    public abstract string Describe(int slot);

    /// <summary>The arguments of the call that gives an element, in a few words, as far as they are still there. Outside of the gate.</summary>
    public virtual string DescribeArguments(int slot) => "";

    /// <summary>Its value, if it is at hand.</summary>
    public abstract object? ValueOrNull(int slot);

    /// <summary>What is known of the bytes of an element, or of those that it is made of.</summary>
    public abstract IEnumerable<EncodedValue> FormsOf(int slot);

    /// <summary>True when the users know of an element that it is complete.</summary>
    public abstract bool IsTold(int slot);

    /// <summary>The users have been told.</summary>
    public abstract void SetTold(int slot);

    /// <summary>Computes an element again whose bytes are lost, and then goes on with a call that needs it.</summary>
    public virtual void Revive(int slot, CallSite waiting)
    {
    }

    protected virtual void OnEnded()
    {
    }
}
