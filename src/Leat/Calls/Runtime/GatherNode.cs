using System.Globalization;
using System.Security.Cryptography;
using Leat.Encoding;
using Leat.Storage;

namespace Leat.Calls;

/// <summary>All elements of its input, as one: an array in their order, which is made when it is asked for.</summary>
internal sealed class GatherNode<T> : CallNode<T[]>
{
    // Ahead of the digests, so that a list of digests is no other list.
    private static readonly byte[] Prefix = "leat gathered list 1\0"u8.ToArray();

    private readonly CallNode<T> input;
    private readonly Order order;
    // In one reference, for several workers may write it.
    private object? digest;
    private bool isReleased;

    public GatherNode(Evaluation run, string name, CallNode<T> input)
        : base(run, name, [input])
    {
        this.input = input;
        order = new Order(input.Space);
        Space = new DenseSpace(this);
        input.LastingUsers++;
    }

    /// <inheritdoc/>
    public override bool NeedsValues
    {
        get => base.NeedsValues;
        set => base.NeedsValues = input.NeedsValues = value;
    }

    public override void Start() => Grow(1);

    public override void OnElement(int input, int slot)
    {
    }

    public override void OnInputEnded(int input)
    {
        IsWhole = true;
        CallFailure? failure = null;
        for (int place = 0; order.At(place, out int slot) == Step.Element; place++) failure ??= this.input.FailureOf(slot);
        // One that stands for what is wrong with the whole of it may have no place.
        for (int slot = order.Known; slot < this.input.Slots; slot++) failure ??= this.input.FailureOf(slot);
        if (failure is not null) Fail(0, failure);
        else if (NeedsValues) Complete(0, [.. Enumerable.Range(0, order.Known).Select(place => this.input.ValueOf(order[place]))]);
        else CompleteEncoded(0, order);
    }

    /// <summary>With it go the elements, which nobody else asks it for.</summary>
    public override void Release(int slot)
    {
        base.Release(slot);
        if (StateOf(slot) != CellState.Released || isReleased) return;
        isReleased = true;
        input.ReleaseAll();
    }

    public override bool TryResolve(int slot, out (CallNode Node, int Slot) lost)
    {
        lost = default;
        if (StateOf(slot) == CellState.Value) return true;
        var values = new T[order.Known];
        for (int place = 0; place < values.Length; place++)
        {
            if (!input.TryResolve(order[place], out lost)) return false;
            values[place] = input.ValueOf(order[place]);
        }

        return TryPublish(0, values, order);
    }

    public override EncodedValue? TryEncode(int slot, FileDigests files, out (CallNode Node, int Slot) lost) =>
        TryResolve(slot, out lost) ? EncodedValue.Of(ValueOf(slot), files) : null;

    /// <summary>That of the elements' digests: they need not be there.</summary>
    public override Digest DigestOf(int slot, FileDigests files)
    {
        if (Volatile.Read(ref digest) is Digest known) return known;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Prefix);
        Span<byte> bytes = stackalloc byte[Digest.Size];
        for (int place = 0; place < order.Known; place++)
        {
            input.DigestOf(order[place], files).CopyTo(bytes);
            hash.AppendData(bytes);
        }

        hash.GetHashAndReset(bytes);
        var made = new Digest(bytes);
        Volatile.Write(ref digest, made);
        return made;
    }

    public override IEnumerable<EncodedValue> FormsOf(int slot) => Enumerable.Range(0, order.Known).SelectMany(place => input.FormsOf(order[place]));

    public override string Describe(int slot) => string.Create(CultureInfo.InvariantCulture, $"all {order.Known:N0} of {input.Name}");
}
