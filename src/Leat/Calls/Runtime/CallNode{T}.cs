using Leat.Encoding;
using Leat.Storage;

namespace Leat.Calls;

/// <summary>A node whose elements have values of a type.</summary>
internal abstract class CallNode<T>(Evaluation run, string name, CallNode[] inputs) : CallNode(run, name, inputs)
{
    private const int LargestKeptForm = 4096;

    /// <summary>Fewer bytes than these travel themselves, also where they are in a store that both sides see.</summary>
    protected const int LeastReferred = 64 * 1024;

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
        return TryPublish(slot, encoded.Decode<T>(), Slim(encoded));
    }

    public override Digest DigestOf(int slot, FileDigests files) => cells[slot].Form switch
    {
        EncodedValue form => form.Digest,
        CachedValue form => form.Digest,
        _ => Encode(slot, files).Digest,
    };

    public override StoredObject? StoredOf(int slot) =>
        StateOf(slot) == CellState.Encoded && cells[slot].Form is CachedValue { Stored: { Length: >= LeastReferred } stored } ? stored : null;

    public override EncodedValue? TryEncode(int slot, FileDigests files, out (CallNode Node, int Slot) lost)
    {
        lost = (this, slot);
        return StateOf(slot) switch
        {
            CellState.Value => Encode(slot, files),
            CellState.Encoded => cells[slot].Form as EncodedValue ?? (cells[slot].Form as CachedValue)?.Load(),
            // Lost, and being computed again.
            _ => null,
        };
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

        return ArgumentText.Of(typeof(T), value);
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

    /// <summary>The value of an element that was there in another form; false when it is being computed again. Outside of the gate.</summary>
    protected bool TryPublish(int slot, T value, object? form)
    {
        lock (forms)
        {
            ref Cell<T> cell = ref cells[slot];
            if (cell.State == CellState.Encoded) (cell.Value, cell.Form, cell.State) = (value, form, CellState.Value);
            return cell.State == CellState.Value;
        }
    }

    /// <summary>An element of which a cache has lost the bytes is not complete any more; false when it is another's.</summary>
    protected bool TryReopen(int slot)
    {
        lock (forms)
        {
            ref Cell<T> cell = ref cells[slot];
            if (cell is not { State: CellState.Encoded, Form: CachedValue }) return false;
            cell.State = CellState.Pending;
            return true;
        }
    }

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
