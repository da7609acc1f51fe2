namespace Leat.Tests.Jobs.Model;

/// <summary>A job as the oracle sees it: a plot is two or three of them.</summary>
internal sealed record Atom(string Id, JobKind Kind, JobSpec Spec)
{
    /// <summary>What it does and has captured, in words.</summary>
    public string Code { get; init; } = "";

    /// <summary>Names and paths of the files it makes.</summary>
    public (string Name, string Path)[] Outputs { get; init; } = [];

    /// <summary>Makes the texts of its outputs from those of its inputs.</summary>
    public Func<string[], string[]> Make { get; init; } = _ => [];

    /// <summary>What a file holds of which this is the text.</summary>
    public Func<string, byte[]> Encode { get; init; } = System.Text.Encoding.UTF8.GetBytes;

    /// <summary>What it depends on, in the order in which it reads that; makers may add to it.</summary>
    public List<AtomInput> Inputs { get; } = [];

    /// <summary>Which of the inputs it reads.</summary>
    public Func<Atom, bool> Reads { get; init; } = each => !each.IsMaker && each.Kind != JobKind.Final;

    public Atom? Maker { get; init; }

    public bool IgnoresCode { get; init; } = Spec.IgnoresCode;

    public bool IsMaker => Kind is JobKind.Generate or JobKind.Inject;

    public bool IsInvariant => Kind >= JobKind.Parameter;

    public bool IsTemporary => Kind is JobKind.TempFile or JobKind.TempFiles;

    public bool IsOnDemand => IsTemporary || Kind is JobKind.Cached or JobKind.Load;

    public bool IsEager => !IsOnDemand && !IsInvariant;

    public bool Equals(Atom? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => Id.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Id;
}

/// <summary>That one depends on another, or on one of its outputs.</summary>
internal sealed record AtomInput(Atom Atom, int Output)
{
    /// <summary>By which it is known in records.</summary>
    public string Key => Output < 0 ? Atom.Id : $"{Atom.Id}:{Atom.Outputs[Output].Name}";

    public bool IsMovable => Atom.Kind == JobKind.InputFile;
}

/// <summary>What a job saw and left when it last succeeded.</summary>
/// <param name="Code">Its code.</param>
/// <param name="Inputs">By which it knew its inputs, whether they may move, and what counted of them.</param>
/// <param name="Outputs">The texts by which it counts.</param>
/// <param name="Held">The texts that it left: others, where it was made again by a code that does not count.</param>
/// <param name="Files">What it left in its files, by path.</param>
internal sealed record Seen(string Code, (string Key, bool IsMovable, string Token)[] Inputs, string[] Outputs, string[] Held, Dictionary<string, byte[]> Files)
{
    /// <summary>Whoever reads it reads something else than that by which it counts.</summary>
    public bool Differs => !Outputs.SequenceEqual(Held);
}
