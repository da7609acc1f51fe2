using System.Reflection.Metadata;

namespace Leat.Code;

/// <summary>Finds the author's own methods and fields behind the tokens of one module.</summary>
internal sealed class MemberResolver(CodeModule module, OwnAssemblies own)
{
    private readonly SymbolReader symbols = own.Symbols(module);
    private readonly Dictionary<MemberReferenceHandle, MethodId?> methods = [];
    private readonly Dictionary<MemberReferenceHandle, FieldId?> fields = [];

    /// <summary>The author's method behind a token, whatever its type arguments; null for all others.</summary>
    public MethodId? Method(EntityHandle handle) => handle.Kind switch
    {
        HandleKind.MethodDefinition => new MethodId(module, (MethodDefinitionHandle)handle),
        HandleKind.MethodSpecification => Method(module.Reader.GetMethodSpecification((MethodSpecificationHandle)handle).Method),
        HandleKind.MemberReference => Method((MemberReferenceHandle)handle),
        _ => null,
    };

    /// <summary>The author's field behind a token; null for all others.</summary>
    public FieldId? Field(EntityHandle handle) => handle.Kind switch
    {
        HandleKind.FieldDefinition => new FieldId(module, (FieldDefinitionHandle)handle),
        HandleKind.MemberReference => Field((MemberReferenceHandle)handle),
        _ => null,
    };

    private MethodId? Method(MemberReferenceHandle handle)
    {
        if (methods.TryGetValue(handle, out MethodId? known)) return known;
        MemberReference reference = module.Reader.GetMemberReference(handle);
        if (reference.GetKind() != MemberReferenceKind.Method) return null;
        if (reference.Parent.Kind == HandleKind.MethodDefinition) return Method(reference.Parent);
        string name = module.Reader.GetString(reference.Name);
        MethodId? found = null;
        for (TypeId? type = symbols.Definition(reference.Parent); found is null && type is { } one; type = Base(one))
        {
            found = Among(one, name, symbols.Signature(reference).ToString());
        }
        return methods[handle] = found;
    }

    // Two assemblies may name a type of the platform by different facades: then the name must do.
    private MethodId? Among(TypeId type, string name, string signature)
    {
        MethodId? sameName = null;
        foreach (MethodDefinitionHandle each in type.Definition.GetMethods())
        {
            var method = new MethodId(type.Module, each);
            if (!type.Module.Reader.StringComparer.Equals(method.Definition.Name, name)) continue;
            if (own.Symbols(type.Module).Signature(method.Definition).ToString() == signature) return method;
            sameName ??= method;
        }
        return sameName;
    }

    private FieldId? Field(MemberReferenceHandle handle)
    {
        if (fields.TryGetValue(handle, out FieldId? known)) return known;
        MemberReference reference = module.Reader.GetMemberReference(handle);
        if (reference.GetKind() != MemberReferenceKind.Field) return null;
        FieldId? found = null;
        for (TypeId? type = symbols.Definition(reference.Parent); found is null && type is { } one; type = Base(one))
        {
            foreach (FieldDefinitionHandle each in one.Definition.GetFields())
            {
                if (module.Reader.StringComparer.Equals(reference.Name, new FieldId(one.Module, each).Name)) found = new FieldId(one.Module, each);
            }
        }
        return fields[handle] = found;
    }

    private TypeId? Base(TypeId type) =>
        type.Definition.BaseType is { IsNil: false } handle ? own.Symbols(type.Module).Definition(handle) : null;
}
