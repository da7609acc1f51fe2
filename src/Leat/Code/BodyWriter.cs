using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Text;
using Leat.Encoding;

namespace Leat.Code;

/// <summary>Writes the instructions of methods of one module, with symbols in place of tokens and offsets.</summary>
internal sealed class BodyWriter(
    StringBuilder text, CodeModule module, CodeGraph code, UnitNames names, UnitUses uses, List<string> constants)
{
    private readonly SymbolReader symbols = code.Own.Symbols(module);
    private readonly MemberResolver members = code.Members(module);
    private readonly Dictionary<long, int> locals = [];
    private readonly Dictionary<long, int> places = [];

    private MetadataReader Reader => module.Reader;

    /// <summary>Writes a part of a method, or all of it.</summary>
    public void Write(MethodCode method, Range part)
    {
        (int start, int count) = part.GetOffsetAndLength(method.Instructions.Count);
        locals.Clear();
        places.Clear();
        for (int i = 0; i < count; i++) places[method.Instructions[start + i].Offset] = i;
        ImmutableArray<Symbol> types = symbols.Locals(method.Locals);
        for (int i = start; i < start + count; i++)
        {
            Write(method, method.Instructions[i], types, start, count);
            text.Append('\n');
        }
        if (part.Equals(Range.All)) WriteRegions(method);
    }

    private void Write(MethodCode method, Instruction instruction, ImmutableArray<Symbol> types, int start, int count)
    {
        IlCode opcode = instruction.Code;
        text.Append(opcode.Name);
        if (opcode.Kind == OperandKind.None) return;
        text.Append(' ');
        switch (opcode.Kind)
        {
            case OperandKind.Branch:
                text.Append(Place(method, instruction.Value, start, count));
                break;
            case OperandKind.Switch:
                text.AppendJoin(',', instruction.Targets!.Select(target => Place(method, target, start, count)));
                break;
            case OperandKind.Local:
                WriteLocal(instruction.Value, types);
                break;
            case OperandKind.String:
                WriteString(Reader.GetUserString((UserStringHandle)MetadataTokens.Handle(instruction.Token)));
                break;
            case OperandKind.Token:
                WriteToken(MetadataTokens.EntityHandle(instruction.Token), opcode.Name is "callvirt" or "ldvirtftn");
                break;
            default:
                WriteNumber(instruction);
                break;
        }
    }

    // Behind the last instruction, or where nops stood: the next instruction that is left.
    private int Place(MethodCode method, long offset, int start, int count)
    {
        if (places.TryGetValue(offset, out int place)) return place;
        int index = method.Instructions.FindIndex(start, count, each => each.Offset >= offset);
        return index < 0 ? count : index - start;
    }

    private void WriteLocal(long slot, ImmutableArray<Symbol> types)
    {
        bool isNew = locals.TryAdd(slot, locals.Count);
        text.Append(locals[slot]);
        if (!isNew) return;
        text.Append(':');
        names.Write(types[(int)slot]);
    }

    private void WriteString(string literal)
    {
        text.Append(CultureInfo.InvariantCulture, $"{literal.Length}:").Append(literal);
        constants.Add($"\"{literal}\"");
    }

    private void WriteNumber(Instruction instruction)
    {
        text.Append(instruction.Value);
        string? constant = instruction.Code.Kind switch
        {
            OperandKind.Argument => null,
            OperandKind.Single => BitConverter.Int32BitsToSingle((int)instruction.Value).ToString(CultureInfo.InvariantCulture),
            OperandKind.Double => BitConverter.Int64BitsToDouble(instruction.Value).ToString(CultureInfo.InvariantCulture),
            _ => instruction.Value.ToString(CultureInfo.InvariantCulture),
        };
        if (constant is not null) constants.Add(constant);
    }

    private void WriteToken(EntityHandle handle, bool isVirtual)
    {
        switch (handle.Kind)
        {
            case HandleKind.TypeDefinition or HandleKind.TypeReference or HandleKind.TypeSpecification:
                names.Write(symbols.Type(handle));
                break;
            case HandleKind.StandaloneSignature:
                names.Write(symbols.Signature((StandaloneSignatureHandle)handle));
                break;
            case HandleKind.MethodSpecification:
                MethodSpecification generic = Reader.GetMethodSpecification((MethodSpecificationHandle)handle);
                WriteToken(generic.Method, isVirtual);
                names.Write(symbols.Arguments(generic));
                break;
            case HandleKind.MemberReference when members.Field(handle) is null && members.Method(handle) is null:
                WriteOutside(Reader.GetMemberReference((MemberReferenceHandle)handle));
                break;
            case HandleKind.FieldDefinition or HandleKind.MemberReference when members.Field(handle) is { } field:
                WriteField(field, Parent(handle, field.Type));
                break;
            default:
                if (members.Method(handle) is { } method) WriteMethod(method, Parent(handle, method.Type), isVirtual);
                break;
        }
    }

    private void WriteOutside(MemberReference member)
    {
        if (member.Parent.Kind == HandleKind.MethodDefinition) return;
        names.Write(symbols.Type(member.Parent));
        text.Append("::").Append(Reader.GetString(member.Name)).Append(' ');
        names.Write(member.GetKind() == MemberReferenceKind.Field ? symbols.Field(member) : symbols.Signature(member));
    }

    private void WriteMethod(MethodId method, Symbol? instance, bool isVirtual)
    {
        if (GeneratedNames.IsGenerated(method) && !GeneratedNames.IsAnonymousType(method.Type))
        {
            // A local function of the author's type is no use of that type, but for its type arguments.
            if (instance is not null) names.Write(instance);
            else if (GeneratedNames.IsGenerated(method.Type)) names.Write(method.Type);
            names.Write(method);
            return;
        }
        names.Write(instance ?? SymbolsOf(method.Module).Type(method.Type.Handle));
        text.Append("::").Append(method.Name);
        names.Write(SymbolsOf(method.Module).Signature(method.Definition));
        if (!GeneratedNames.IsAnonymousType(method.Type)) uses.AddMethod(method, isVirtual);
    }

    private void WriteField(FieldId field, Symbol? instance)
    {
        Symbol type = SymbolsOf(field.Module).Field(field.Definition);
        if (field.Definition.Attributes.HasFlag(FieldAttributes.HasFieldRVA))
        {
            WriteData(field);
            return;
        }
        if (instance is not null || !GeneratedNames.IsGenerated(field.Type))
        {
            names.Write(instance ?? SymbolsOf(field.Module).Type(field.Type.Handle));
            text.Append("::");
        }
        names.Write(field);
        text.Append(' ');
        names.Write(type);
        if (!GeneratedNames.IsGenerated(field.Type)) uses.AddField(field);
    }

    private void WriteData(FieldId field)
    {
        byte[] data = field.Module.Data(field.Handle, SizeOf(field)) ?? [];
        text.Append(CultureInfo.InvariantCulture, $"data {data.Length} {Digest.Of(data)}");
        constants.Add(string.Create(CultureInfo.InvariantCulture, $"{data.Length} bytes of data ({Digest.Of(data).ToString()[..8]})"));
    }

    private static int SizeOf(FieldId field)
    {
        BlobReader signature = field.Module.Reader.GetBlobReader(field.Definition.Signature);
        signature.ReadSignatureHeader();
        SignatureTypeCode code = signature.ReadSignatureTypeCode();
        return code switch
        {
            SignatureTypeCode.TypeHandle => SizeOf(field.Module, signature.ReadTypeHandle()),
            SignatureTypeCode.Byte or SignatureTypeCode.SByte or SignatureTypeCode.Boolean => 1,
            SignatureTypeCode.Int16 or SignatureTypeCode.UInt16 or SignatureTypeCode.Char => 2,
            SignatureTypeCode.Int64 or SignatureTypeCode.UInt64 or SignatureTypeCode.Double => 8,
            _ => 4,
        };
    }

    private static int SizeOf(CodeModule module, EntityHandle type) =>
        type.Kind == HandleKind.TypeDefinition ? module.Reader.GetTypeDefinition((TypeDefinitionHandle)type).GetLayout().Size : 0;

    // With its type arguments, which only a reference to a generic type has.
    private Symbol? Parent(EntityHandle member, TypeId type) =>
        member.Kind == HandleKind.MemberReference
            && Reader.GetMemberReference((MemberReferenceHandle)member).Parent is { Kind: HandleKind.TypeSpecification } parent
            && symbols.Definition(parent) == type
            ? symbols.Type(parent)
            : null;

    private SymbolReader SymbolsOf(CodeModule other) => code.Own.Symbols(other);

    private void WriteRegions(MethodCode method)
    {
        int count = method.Instructions.Count;
        foreach (GuardedRegion region in method.Regions)
        {
            text.Append(CultureInfo.InvariantCulture, $"{region.Kind} {Place(method, region.TryOffset, 0, count)}-{Place(method, region.TryOffset + region.TryLength, 0, count)}");
            text.Append(CultureInfo.InvariantCulture, $" {Place(method, region.HandlerOffset, 0, count)}-{Place(method, region.HandlerOffset + region.HandlerLength, 0, count)} ");
            if (region.Kind == ExceptionRegionKind.Filter) text.Append(Place(method, region.FilterOffset, 0, count));
            if (!region.CatchType.IsNil) names.Write(symbols.Type(region.CatchType));
            else text.Append(region.LoadedType);
            text.Append('\n');
        }
    }
}
