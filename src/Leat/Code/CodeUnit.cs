using System.Collections.Immutable;
using Leat.Encoding;

namespace Leat.Code;

/// <summary>
/// A method with all that the compiler made of it (lambdas, local functions, closures, state machines), or the initial
/// value of a static field: what stands in the sources as one.
/// </summary>
internal sealed record CodeUnit
{
    public required UnitId Id { get; init; }

    /// <summary>Name and signature, in full; of a lambda, only what kind it is.</summary>
    public required string Key { get; init; }

    /// <summary>What an author calls it.</summary>
    public required string Title { get; init; }

    /// <summary>The normalised code as text, which is what is hashed.</summary>
    public required string Text { get; init; }

    /// <summary>The methods whose bodies are in the text, in that order: its own, and those that the compiler made of it.</summary>
    public required ImmutableArray<MethodId> Bodies { get; init; }

    /// <summary>The author's own code that it uses, in the order of its first use.</summary>
    public required ImmutableArray<UnitId> Uses { get; init; }

    /// <summary>The other assemblies that it uses, and their versions.</summary>
    public required ImmutableSortedDictionary<string, string> Assemblies { get; init; }

    /// <summary>The texts and numbers in it, in their order, as an author writes them.</summary>
    public required ImmutableArray<string> Constants { get; init; }

    /// <summary>The author's own word on the code, which then is not read.</summary>
    public Pin? Pin { get; init; }

    /// <summary>The fingerprint of the unit's own code, without what it uses.</summary>
    public Digest Local => field == default ? field = Digest.OfText(
        Text + string.Concat(Assemblies.Select(each => $"\nassembly {each.Key} {each.Value}"))) : field;
}
