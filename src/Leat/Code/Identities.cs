using System.Reflection.Metadata;

namespace Leat.Code;

/// <summary>A type of the author's own.</summary>
internal readonly record struct TypeId(CodeModule Module, TypeDefinitionHandle Handle)
{
    public TypeDefinition Definition => Module.Reader.GetTypeDefinition(Handle);
}

/// <summary>A method of the author's own.</summary>
internal readonly record struct MethodId(CodeModule Module, MethodDefinitionHandle Handle)
{
    public MethodDefinition Definition => Module.Reader.GetMethodDefinition(Handle);

    public string Name => Module.Reader.GetString(Definition.Name);

    public TypeId Type => new(Module, Definition.GetDeclaringType());
}

/// <summary>A field of the author's own.</summary>
internal readonly record struct FieldId(CodeModule Module, FieldDefinitionHandle Handle)
{
    public FieldDefinition Definition => Module.Reader.GetFieldDefinition(Handle);

    public string Name => Module.Reader.GetString(Definition.Name);

    public TypeId Type => new(Module, Definition.GetDeclaringType());
}

/// <summary>What is hashed as one: a method with all that the compiler made of it, or the initial value of a static field.</summary>
internal readonly record struct UnitId(CodeModule Module, EntityHandle Handle)
{
    public UnitId(MethodId method) : this(method.Module, method.Handle) { }

    public UnitId(FieldId field) : this(field.Module, field.Handle) { }

    public bool IsMethod => Handle.Kind == HandleKind.MethodDefinition;

    public MethodId Method => new(Module, (MethodDefinitionHandle)Handle);

    public FieldId Field => new(Module, (FieldDefinitionHandle)Handle);
}
