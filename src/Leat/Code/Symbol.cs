using System.Collections.Immutable;

namespace Leat.Code;

/// <summary>A part of a <see cref="Symbol"/>: words, a type of the author's own, or a type of another assembly.</summary>
/// <param name="Text">The words, or the name of the other assembly's type.</param>
/// <param name="Own">The author's type.</param>
/// <param name="Assembly">The other assembly's simple name.</param>
internal readonly record struct SymbolPart(string Text, TypeId? Own = null, string? Assembly = null);

/// <summary>
/// How metadata names a type or a signature, free of tokens. The author's own types stay apart as they are, because
/// those that the compiler made get their names only where they are used.
/// </summary>
internal sealed record Symbol(ImmutableArray<SymbolPart> Parts)
{
    public static Symbol Of(string text) => new([new SymbolPart(text)]);

    /// <summary>The author's types that are named.</summary>
    public IEnumerable<TypeId> OwnTypes => Parts.Where(part => part.Own is not null).Select(part => part.Own!.Value);

    public static Symbol Join(string open, IEnumerable<Symbol> symbols, string close)
    {
        ImmutableArray<SymbolPart>.Builder parts = ImmutableArray.CreateBuilder<SymbolPart>();
        parts.Add(new SymbolPart(open));
        bool first = true;
        foreach (Symbol symbol in symbols)
        {
            if (!first) parts.Add(new SymbolPart(","));
            parts.AddRange(symbol.Parts);
            first = false;
        }
        parts.Add(new SymbolPart(close));
        return new Symbol(parts.DrainToImmutable());
    }

    public Symbol Then(string text) => new(Parts.Add(new SymbolPart(text)));

    public Symbol Then(Symbol other) => new(Parts.AddRange(other.Parts));

    /// <summary>The words as they stand in metadata, with the names that the compiler made up, but without paths.</summary>
    public override string ToString() => string.Concat(Parts.Select(part =>
        part.Own is { } type ? UnitNames.NameOf(type)
        : part.Assembly is { } assembly ? $"[{assembly}]{part.Text}"
        : part.Text));
}
