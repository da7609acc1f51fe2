using System.Collections.Immutable;
using System.Reflection.Metadata;

namespace Leat.Code;

/// <summary>Turns the tokens and signatures of one module into symbols.</summary>
/// <param name="module">Whose tokens they are.</param>
/// <param name="resolve">Finds the module of an assembly that is the author's own; null for all others.</param>
internal sealed class SymbolReader(CodeModule module, Func<MetadataReader, AssemblyReferenceHandle, CodeModule?> resolve)
    : ISignatureTypeProvider<Symbol, object?>
{
    private readonly Dictionary<EntityHandle, Symbol> types = [];
    private readonly Dictionary<StandaloneSignatureHandle, ImmutableArray<Symbol>> locals = [];

    private MetadataReader Reader => module.Reader;

    public Symbol Type(EntityHandle handle)
    {
        if (types.TryGetValue(handle, out Symbol? known)) return known;
        return types[handle] = handle.Kind switch
        {
            HandleKind.TypeDefinition => Own(new TypeId(module, (TypeDefinitionHandle)handle)),
            HandleKind.TypeReference => Referenced((TypeReferenceHandle)handle),
            HandleKind.TypeSpecification => Reader.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(this, null),
            _ => Symbol.Of(handle.Kind.ToString()),
        };
    }

    public ImmutableArray<Symbol> Locals(StandaloneSignatureHandle handle)
    {
        if (handle.IsNil) return [];
        if (locals.TryGetValue(handle, out ImmutableArray<Symbol> known)) return known;
        return locals[handle] = Reader.GetStandaloneSignature(handle).DecodeLocalSignature(this, null);
    }

    public Symbol Field(FieldDefinition field) => field.DecodeSignature(this, null);

    public Symbol Field(MemberReference field) => field.DecodeFieldSignature(this, null);

    public static Symbol Signature(MethodSignature<Symbol> signature)
    {
        string arity = signature.GenericParameterCount == 0 ? "" : $"`{signature.GenericParameterCount}";
        string instance = signature.Header.IsInstance ? "this" : "";
        string convention = signature.Header.CallingConvention == SignatureCallingConvention.Default ? "" : signature.Header.CallingConvention.ToString();
        return Symbol.Join($"{arity}{convention}{instance}(", signature.ParameterTypes, "):").Then(signature.ReturnType);
    }

    public Symbol Signature(MethodDefinition method) => Signature(method.DecodeSignature(this, null));

    public Symbol Signature(MemberReference method) => Signature(method.DecodeMethodSignature(this, null));

    public Symbol Signature(StandaloneSignatureHandle handle) => Signature(Reader.GetStandaloneSignature(handle).DecodeMethodSignature(this, null));

    public Symbol Arguments(MethodSpecification method) => Symbol.Join("<", method.DecodeSignature(this, null), ">");

    /// <summary>The definition behind a type that is the author's own, generic or not; null for all others.</summary>
    public TypeId? Definition(EntityHandle handle)
    {
        switch (handle.Kind)
        {
            case HandleKind.TypeDefinition:
                return new TypeId(module, (TypeDefinitionHandle)handle);
            case HandleKind.TypeReference:
                return Resolve((TypeReferenceHandle)handle).Own;
            case HandleKind.TypeSpecification:
                BlobReader blob = Reader.GetBlobReader(Reader.GetTypeSpecification((TypeSpecificationHandle)handle).Signature);
                if (blob.ReadSignatureTypeCode() != SignatureTypeCode.GenericTypeInstance) return null;
                blob.ReadCompressedInteger();
                return Definition(blob.ReadTypeHandle());
            default:
                return null;
        }
    }

    public Symbol GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) => Type(handle);

    public Symbol GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) => Type(handle);

    public Symbol GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) => Type(handle);

    public Symbol GetArrayType(Symbol elementType, ArrayShape shape) => elementType.Then(
        $"[{shape.Rank}:{string.Join(',', shape.Sizes)}:{string.Join(',', shape.LowerBounds)}]");

    public Symbol GetByReferenceType(Symbol elementType) => elementType.Then("&");

    public Symbol GetFunctionPointerType(MethodSignature<Symbol> signature) => Symbol.Of("*").Then(Signature(signature));

    public Symbol GetGenericInstantiation(Symbol genericType, ImmutableArray<Symbol> typeArguments) =>
        genericType.Then(Symbol.Join("<", typeArguments, ">"));

    public Symbol GetGenericMethodParameter(object? genericContext, int index) => Symbol.Of($"!!{index}");

    public Symbol GetGenericTypeParameter(object? genericContext, int index) => Symbol.Of($"!{index}");

    public Symbol GetModifiedType(Symbol modifier, Symbol unmodifiedType, bool isRequired) =>
        unmodifiedType.Then(isRequired ? " modreq " : " modopt ").Then(modifier);

    public Symbol GetPinnedType(Symbol elementType) => elementType.Then(" pinned");

    public Symbol GetPointerType(Symbol elementType) => elementType.Then("*");

    public Symbol GetPrimitiveType(PrimitiveTypeCode typeCode) => Symbol.Of(typeCode.ToString());

    public Symbol GetSZArrayType(Symbol elementType) => elementType.Then("[]");

    private static Symbol Own(TypeId type) => new([new SymbolPart("", Own: type)]);

    private Symbol Referenced(TypeReferenceHandle handle)
    {
        (TypeId? own, string assembly, string name) = Resolve(handle);
        return own is { } type ? Own(type) : new Symbol([new SymbolPart(name, Assembly: assembly)]);
    }

    private (TypeId? Own, string Assembly, string Name) Resolve(TypeReferenceHandle handle)
    {
        Stack<string> nested = [];
        TypeReference type = Reader.GetTypeReference(handle);
        while (type.ResolutionScope.Kind == HandleKind.TypeReference)
        {
            nested.Push(Reader.GetString(type.Name));
            type = Reader.GetTypeReference((TypeReferenceHandle)type.ResolutionScope);
        }
        string outermost = Reader.GetString(type.Name);
        if (!type.Namespace.IsNil) outermost = $"{Reader.GetString(type.Namespace)}.{outermost}";
        string name = string.Join('+', nested.Prepend(outermost));
        if (type.ResolutionScope.Kind != HandleKind.AssemblyReference) return (module.Find(name), module.Name, name);
        var scope = (AssemblyReferenceHandle)type.ResolutionScope;
        return (resolve(Reader, scope)?.Find(name), Reader.GetString(Reader.GetAssemblyReference(scope).Name), name);
    }
}
