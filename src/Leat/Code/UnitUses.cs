using System.Collections.Immutable;
using System.Reflection;

namespace Leat.Code;

/// <summary>Gathers what of the author's own code a unit uses.</summary>
internal sealed class UnitUses(CodeGraph code)
{
    private readonly HashSet<UnitId> seen = [];
    private readonly ImmutableArray<UnitId>.Builder uses = ImmutableArray.CreateBuilder<UnitId>();

    public ImmutableArray<UnitId> ToImmutable() => uses.ToImmutable();

    /// <summary>A method is called, or a delegate made of it.</summary>
    public void AddMethod(MethodId method, bool isVirtual)
    {
        Add(new UnitId(method));
        AddStaticConstructor(method.Type);
        MethodAttributes attributes = method.Definition.Attributes;
        if (!attributes.HasFlag(MethodAttributes.Virtual) || !(isVirtual || attributes.HasFlag(MethodAttributes.Static))) return;
        foreach (MethodId each in code.Hierarchy.Overrides(method)) AddUnit(each);
    }

    /// <summary>A field is read, written or pointed to.</summary>
    public void AddField(FieldId field)
    {
        if (!field.Definition.Attributes.HasFlag(FieldAttributes.Static)) return;
        if (!field.Type.Definition.Attributes.HasFlag(TypeAttributes.BeforeFieldInit))
        {
            AddStaticConstructor(field.Type);
        }
        else if (code.InitialisersOf(field.Type) is { } initialisers)
        {
            if (initialisers.Parts.ContainsKey(field.Handle)) Add(new UnitId(field));
            else if (initialisers.AreInseparable) Add(new UnitId(initialisers.Constructor));
        }
    }

    /// <summary>A type is named: code outside that gets an instance may call what it overrides.</summary>
    public void AddCalledFromOutside(TypeId type)
    {
        foreach (MethodId each in code.Hierarchy.CalledFromOutside(type)) AddUnit(each);
    }

    // Static constructors that an author wrote run before anything of their type does.
    private void AddStaticConstructor(TypeId type)
    {
        if (type.Definition.Attributes.HasFlag(TypeAttributes.BeforeFieldInit)) return;
        if (code.InitialisersOf(type) is { } initialisers) Add(new UnitId(initialisers.Constructor));
    }

    private void AddUnit(MethodId method)
    {
        // A virtual method of a generated type is part of the unit that the type was made of.
        if (!GeneratedNames.IsGenerated(method)) Add(new UnitId(method));
    }

    private void Add(UnitId unit)
    {
        if (seen.Add(unit)) uses.Add(unit);
    }
}
