using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Leat.Code;

/// <summary>
/// The names of one unit's text. What the author named goes by its name; what the compiler named gets a number, in the
/// order of first use, so that neighbours with numbers of their own change nothing.
/// </summary>
internal sealed class UnitNames(StringBuilder text, OwnAssemblies own)
{
    private readonly Dictionary<TypeId, int> types = [];
    private readonly Dictionary<MethodId, int> methods = [];
    private readonly Dictionary<FieldId, int> fields = [];
    private readonly SortedSet<string> assemblies = new(StringComparer.Ordinal);

    /// <summary>What was numbered and is still to be written, by its body.</summary>
    public Queue<UnitId> Pending { get; } = [];

    /// <summary>The author's types that were named.</summary>
    public HashSet<TypeId> Mentioned { get; } = [];

    public ImmutableSortedDictionary<string, string> Assemblies =>
        assemblies.ToImmutableSortedDictionary(name => name, own.Version, StringComparer.Ordinal);

    public void Write(Symbol symbol)
    {
        foreach (SymbolPart part in symbol.Parts)
        {
            if (part.Own is { } type) Write(type);
            else if (part.Assembly is { } assembly) WriteOutside(assembly, part.Text);
            else text.Append(part.Text);
        }
    }

    public void Write(TypeId type)
    {
        if (GeneratedNames.IsAnonymousType(type))
        {
            text.Append("anonymous{").AppendJoin(',', GeneratedNames.AnonymousProperties(type)).Append('}');
        }
        else if (GeneratedNames.IsGenerated(type))
        {
            if (types.TryAdd(type, types.Count)) Pending.Enqueue(new UnitId(type.Module, type.Handle));
            text.Append(CultureInfo.InvariantCulture, $"type#{types[type]}");
        }
        else
        {
            Mentioned.Add(type);
            text.Append(NameOf(type));
        }
    }

    /// <summary>Writes the number of a method that the compiler made.</summary>
    public void Write(MethodId method)
    {
        if (methods.TryAdd(method, methods.Count)) Pending.Enqueue(new UnitId(method));
        text.Append(CultureInfo.InvariantCulture, $"method#{methods[method]}");
    }

    /// <summary>Writes the name of a field, or the number of one that the compiler made.</summary>
    public void Write(FieldId field)
    {
        string name = field.Name;
        if (GeneratedNames.IsPrimaryParameter(name))
        {
            // Known by its place, because its name is a parameter's, and other units must mean the same field.
            int place = field.Type.Definition.GetFields().TakeWhile(each => each != field.Handle)
                .Count(each => GeneratedNames.IsPrimaryParameter(new FieldId(field.Module, each).Name));
            text.Append(CultureInfo.InvariantCulture, $"parameter#{place}");
        }
        else if (GeneratedNames.IsGenerated(field.Type) && !GeneratedNames.IsAnonymousType(field.Type))
        {
            fields.TryAdd(field, fields.Count);
            text.Append(CultureInfo.InvariantCulture, $"field#{fields[field]}");
        }
        else
        {
            text.Append(name);
        }
    }

    public static string NameOf(TypeId type) => $"[{type.Module.Name}]{GeneratedNames.WithoutFile(type.Module.FullName(type.Handle))}";

    private void WriteOutside(string assembly, string name)
    {
        if (OwnAssemblies.CountsByVersion(assembly)) assemblies.Add(assembly);
        text.Append('[').Append(assembly).Append(']').Append(name);
    }
}
