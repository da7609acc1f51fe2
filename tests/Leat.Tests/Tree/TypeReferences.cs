using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Leat.Tests.Tree;

/// <summary>One type of an assembly makes use of another of the same; both are outermost types, by their full names.</summary>
/// <param name="Where">The member of <paramref name="User"/>, or of a type in it, that makes the use.</param>
internal readonly record struct TypeUse(string User, string Used, string Where);

/// <summary>
/// Reads from an assembly which of its own types use which: bases, signatures, attributes, constraints, locals,
/// caught exceptions and every token in the code. Constants leave no trace in an assembly and are not found.
/// </summary>
internal sealed class TypeReferences
{
    private static readonly Dictionary<ushort, OperandType> Operands = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => (ushort)code.Value, code => code.OperandType);

    private readonly PEReader file;
    private readonly MetadataReader reader;
    private readonly HashSet<TypeDefinitionHandle> used = [];
    private readonly UsedTypes signatures;

    private TypeReferences(PEReader file)
    {
        this.file = file;
        reader = file.GetMetadataReader();
        signatures = new UsedTypes(used);
    }

    /// <summary>All uses, each once, and none of a type by itself.</summary>
    public static IReadOnlyCollection<TypeUse> In(PEReader file) => new TypeReferences(file).Read();

    /// <summary>Full names of all outermost types, those that the compiler makes among them.</summary>
    public static IEnumerable<string> OutermostTypes(PEReader file)
    {
        MetadataReader metadata = file.GetMetadataReader();
        return metadata.TypeDefinitions
            .Where(handle => metadata.GetTypeDefinition(handle).GetDeclaringType().IsNil)
            .Select(handle => Name(metadata, handle));
    }

    private HashSet<TypeUse> Read()
    {
        var uses = new HashSet<TypeUse>();
        foreach (TypeDefinitionHandle handle in reader.TypeDefinitions)
        {
            string user = Outermost(handle);
            TypeDefinition type = reader.GetTypeDefinition(handle);
            AddHeader(type);
            Flush(uses, user, reader.GetString(type.Name));
            foreach (FieldDefinitionHandle each in type.GetFields())
            {
                FieldDefinition field = reader.GetFieldDefinition(each);
                field.DecodeSignature(signatures, null);
                AddAttributes(field.GetCustomAttributes());
                Flush(uses, user, $"{reader.GetString(type.Name)}.{reader.GetString(field.Name)}");
            }
            foreach (MethodDefinitionHandle each in type.GetMethods())
            {
                MethodDefinition method = reader.GetMethodDefinition(each);
                AddMethod(method);
                Flush(uses, user, $"{reader.GetString(type.Name)}.{reader.GetString(method.Name)}");
            }
        }
        return uses;
    }

    private void Flush(HashSet<TypeUse> uses, string user, string where)
    {
        foreach (string name in used.Select(Outermost))
        {
            if (name != user) uses.Add(new TypeUse(user, name, where));
        }
        used.Clear();
    }

    private void AddHeader(TypeDefinition type)
    {
        Add(type.BaseType);
        foreach (InterfaceImplementationHandle each in type.GetInterfaceImplementations())
        {
            Add(reader.GetInterfaceImplementation(each).Interface);
        }
        AddConstraints(type.GetGenericParameters());
        AddAttributes(type.GetCustomAttributes());
    }

    private void AddMethod(MethodDefinition method)
    {
        method.DecodeSignature(signatures, null);
        AddConstraints(method.GetGenericParameters());
        AddAttributes(method.GetCustomAttributes());
        if (method.RelativeVirtualAddress == 0) return;

        MethodBodyBlock body = file.GetMethodBody(method.RelativeVirtualAddress);
        if (!body.LocalSignature.IsNil) reader.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(signatures, null);
        foreach (ExceptionRegion region in body.ExceptionRegions) Add(region.CatchType);
        AddCode(body.GetILReader());
    }

    private void AddCode(BlobReader code)
    {
        while (code.RemainingBytes > 0)
        {
            ushort value = code.ReadByte();
            if (value == 0xFE) value = (ushort)(0xFE00 | code.ReadByte());
            switch (Operands[value])
            {
                case OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType or OperandType.InlineSig:
                    Add(MetadataTokens.EntityHandle(code.ReadInt32()));
                    break;
                case OperandType.InlineSwitch:
                    int targets = code.ReadInt32();
                    code.Offset += 4 * targets;
                    break;
                case OperandType.InlineI8 or OperandType.InlineR:
                    code.Offset += 8;
                    break;
                case OperandType.InlineVar:
                    code.Offset += 2;
                    break;
                case OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar:
                    code.Offset += 1;
                    break;
                case OperandType.InlineNone:
                    break;
                default:
                    code.Offset += 4;
                    break;
            }
        }
    }

    private void AddConstraints(GenericParameterHandleCollection parameters)
    {
        foreach (GenericParameterConstraintHandle each in parameters.SelectMany(one => reader.GetGenericParameter(one).GetConstraints()))
        {
            Add(reader.GetGenericParameterConstraint(each).Type);
        }
    }

    private void AddAttributes(CustomAttributeHandleCollection attributes)
    {
        foreach (CustomAttributeHandle each in attributes) Add(reader.GetCustomAttribute(each).Constructor);
    }

    private void Add(EntityHandle handle)
    {
        if (handle.IsNil) return;
        switch (handle.Kind)
        {
            case HandleKind.TypeDefinition:
                used.Add((TypeDefinitionHandle)handle);
                break;
            case HandleKind.TypeSpecification:
                reader.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(signatures, null);
                break;
            case HandleKind.MethodDefinition:
                used.Add(reader.GetMethodDefinition((MethodDefinitionHandle)handle).GetDeclaringType());
                break;
            case HandleKind.FieldDefinition:
                used.Add(reader.GetFieldDefinition((FieldDefinitionHandle)handle).GetDeclaringType());
                break;
            case HandleKind.MemberReference:
                Add(reader.GetMemberReference((MemberReferenceHandle)handle).Parent);
                break;
            case HandleKind.MethodSpecification:
                MethodSpecification method = reader.GetMethodSpecification((MethodSpecificationHandle)handle);
                method.DecodeSignature(signatures, null);
                Add(method.Method);
                break;
            case HandleKind.StandaloneSignature:
                reader.GetStandaloneSignature((StandaloneSignatureHandle)handle).DecodeMethodSignature(signatures, null);
                break;
            default:
                break;
        }
    }

    private string Outermost(TypeDefinitionHandle handle)
    {
        while (reader.GetTypeDefinition(handle).GetDeclaringType() is { IsNil: false } outer) handle = outer;
        return Name(reader, handle);
    }

    private static string Name(MetadataReader metadata, TypeDefinitionHandle handle)
    {
        TypeDefinition type = metadata.GetTypeDefinition(handle);
        string name = metadata.GetString(type.Name);
        return type.Namespace.IsNil ? name : $"{metadata.GetString(type.Namespace)}.{name}";
    }

    /// <summary>Notes the assembly's own types that a signature names. What it returns for a type means nothing.</summary>
    private sealed class UsedTypes(HashSet<TypeDefinitionHandle> used) : ISignatureTypeProvider<byte, object?>
    {
        public byte GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind)
        {
            used.Add(handle);
            return 0;
        }

        public byte GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
            reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

        public byte GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) => 0;

        public byte GetArrayType(byte elementType, ArrayShape shape) => 0;

        public byte GetByReferenceType(byte elementType) => 0;

        public byte GetFunctionPointerType(MethodSignature<byte> signature) => 0;

        public byte GetGenericInstantiation(byte genericType, ImmutableArray<byte> typeArguments) => 0;

        public byte GetGenericMethodParameter(object? genericContext, int index) => 0;

        public byte GetGenericTypeParameter(object? genericContext, int index) => 0;

        public byte GetModifiedType(byte modifier, byte unmodifiedType, bool isRequired) => 0;

        public byte GetPinnedType(byte elementType) => 0;

        public byte GetPointerType(byte elementType) => 0;

        public byte GetPrimitiveType(PrimitiveTypeCode typeCode) => 0;

        public byte GetSZArrayType(byte elementType) => 0;
    }
}
