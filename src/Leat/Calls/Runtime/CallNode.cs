using Leat.Code;
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

/// <summary>A node whose elements have values of a type.</summary>
internal abstract class CallNode<T>(Evaluation run, string name, CallNode[] inputs) : CallNode(run, name, inputs)
{
    private const int LargestKeptForm = 4096;

    private readonly Table<Cell<T>> cells = new();
    private readonly Lock forms = new();

    public override CellState StateOf(int slot) => slot < cells.Count ? cells[slot].State : CellState.Pending;

    public override CallFailure? FailureOf(int slot) => StateOf(slot) == CellState.Failed ? (CallFailure)cells[slot].Form! : null;

    /// <summary>The value of an element that is at hand. For workers, outside of the gate.</summary>
    public T ValueOf(int slot) => cells[slot].Value;

    public override object? ValueOrNull(int slot) => StateOf(slot) == CellState.Value ? cells[slot].Value : null;

    public override void Release(int slot)
    {
        ref Cell<T> cell = ref cells[slot];
        if (--cell.Users == 0 && LastingUsers == 0) Drop(ref cell);
    }

    public override void ReleaseAll()
    {
        if (--LastingUsers > 0) return;
        for (int slot = 0; slot < cells.Count; slot++)
        {
            ref Cell<T> cell = ref cells[slot];
            if (cell.Users == 0) Drop(ref cell);
        }
    }

    public override bool TryResolve(int slot, out (CallNode Node, int Slot) lost)
    {
        lost = (this, slot);
        object? form;
        lock (forms)
        {
            ref Cell<T> cell = ref cells[slot];
            if (cell.State == CellState.Value) return true;
            form = cell.Form;
        }

        EncodedValue? encoded = form as EncodedValue ?? (form as CachedValue)?.Load();
        if (encoded is null) return false;
        Publish(slot, encoded.Decode<T>(), Slim(encoded));
        return true;
    }

    public override Digest DigestOf(int slot, FileDigests files) => cells[slot].Form switch
    {
        EncodedValue form => form.Digest,
        CachedValue form => form.Digest,
        _ => Encode(slot, files).Digest,
    };

    public override EncodedValue? TryEncode(int slot, FileDigests files, out (CallNode Node, int Slot) lost)
    {
        lost = (this, slot);
        object? form = cells[slot].Form;
        if (StateOf(slot) != CellState.Encoded) return Encode(slot, files);
        return form as EncodedValue ?? (form as CachedValue)?.Load();
    }

    public override IEnumerable<EncodedValue> FormsOf(int slot) => cells[slot].Form is EncodedValue form ? [form] : [];

    public override bool IsTold(int slot) => slot < cells.Count && cells[slot].IsTold;

    public override void SetTold(int slot) => cells[slot].IsTold = true;

    /// <summary>An element as bytes; its value is at hand. For workers, outside of the gate.</summary>
    protected EncodedValue Encode(int slot, FileDigests files)
    {
        lock (forms)
        {
            if (cells[slot].Form is EncodedValue { Bytes.Length: > 0 } form) return form;
        }

        EncodedValue encoded = EncodedValue.Of(cells[slot].Value, files);
        lock (forms)
        {
            if (cells[slot].State == CellState.Value) cells[slot].Form = Slim(encoded);
        }

        return encoded;
    }

    public override string Describe(int slot)
    {
        T value;
        lock (forms)
        {
            switch (slot < cells.Count ? cells[slot] : default)
            {
                case { State: CellState.Encoded, Form: EncodedValue form }:
                    value = form.Decode<T>();
                    break;
                case { State: CellState.Encoded, Form: CachedValue { IsAtHand: true } form } when form.Load() is { } loaded:
                    value = loaded.Decode<T>();
                    break;
                case { State: CellState.Encoded, Form: CachedValue form }:
                    return $"{TypeTag.Describe(typeof(T))} {form.Digest.ToString()[..12]}";
                case { State: CellState.Value }:
                    value = cells[slot].Value;
                    break;
                default:
                    return "…";
            }
        }

        return ValueText.Of(typeof(T), value);
    }

    /// <summary>More elements are known, which are not complete, and take no room before they are.</summary>
    protected void Grow(int slots) => Slots = slots;

    /// <summary>An element has its value.</summary>
    protected void Complete(int slot, T value, object? form = null)
    {
        ref Cell<T> cell = ref Fill(slot);
        (cell.Value, cell.Form, cell.State) = (value, form, CellState.Value);
        Announce(slot);
    }

    /// <summary>An element has its bytes.</summary>
    protected void CompleteEncoded(int slot, object form)
    {
        ref Cell<T> cell = ref Fill(slot);
        (cell.Form, cell.State) = (form, CellState.Encoded);
        Announce(slot);
    }

    /// <summary>An element has failed.</summary>
    protected void Fail(int slot, CallFailure failure)
    {
        ref Cell<T> cell = ref Fill(slot);
        (cell.Form, cell.State) = (failure, CellState.Failed);
        Announce(slot);
    }

    /// <summary>The value of an element that was there in another form. For workers, outside of the gate.</summary>
    protected void Publish(int slot, T value, object? form)
    {
        lock (forms)
        {
            ref Cell<T> cell = ref cells[slot];
            if (cell.State == CellState.Encoded) (cell.Value, cell.Form, cell.State) = (value, form, CellState.Value);
        }
    }

    /// <summary>An element that was complete is not any more.</summary>
    protected void Reopen(int slot) => cells[slot].State = CellState.Pending;

    private protected virtual void Announce(int slot)
    {
        Completed++;
        Run.Tell(this, slot);
    }

    private ref Cell<T> Fill(int slot)
    {
        cells.Grow(slot + 1);
        ref Cell<T> cell = ref cells[slot];
        cell.Users = SingleUsers;
        return ref cell;
    }

    // What is small may stay beside the value; of the rest, the digest.
    private static EncodedValue Slim(EncodedValue form) => form.Bytes.Length <= LargestKeptForm ? form : form with { Bytes = default };

    private static void Drop(ref Cell<T> cell)
    {
        if (cell.State is CellState.Pending or CellState.Failed) return;
        (cell.Value, cell.Form, cell.State) = (default!, null, CellState.Released);
    }
}
