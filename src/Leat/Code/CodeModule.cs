using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Runtime.CompilerServices;

namespace Leat.Code;

/// <summary>The metadata and the method bodies of a loaded assembly.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Its metadata is the loaded assembly's, and it lives as long as that does.")]
internal sealed class CodeModule
{
    private readonly PEReader? file;
    private readonly Dictionary<string, TypeDefinitionHandle> types = new(StringComparer.Ordinal);

    private CodeModule(Assembly assembly, MetadataReader reader)
    {
        Assembly = assembly;
        Reader = reader;
        Name = reader.GetString(reader.GetAssemblyDefinition().Name);
        file = OpenFile();
        foreach (TypeDefinitionHandle handle in reader.TypeDefinitions)
        {
            types.TryAdd(FullName(handle), handle);
        }
    }

    public Assembly Assembly { get; }

    public MetadataReader Reader { get; }

    /// <summary>The assembly's simple name.</summary>
    public string Name { get; }

    /// <summary>The module of an assembly, or null for one that was made in memory with System.Reflection.Emit.</summary>
    public static unsafe CodeModule? Of(Assembly assembly) =>
        !assembly.IsDynamic && assembly.TryGetRawMetadata(out byte* blob, out int length)
            ? new CodeModule(assembly, new MetadataReader(blob, length))
            : null;

    /// <summary>Finds a type by its name in metadata, with its namespace, and <c>+</c> before nested ones.</summary>
    public TypeId? Find(string fullName) => types.TryGetValue(fullName, out TypeDefinitionHandle handle) ? new TypeId(this, handle) : null;

    /// <summary>A type's name in metadata, with its namespace, and <c>+</c> before nested ones.</summary>
    public string FullName(TypeDefinitionHandle handle)
    {
        TypeDefinition type = Reader.GetTypeDefinition(handle);
        string name = Reader.GetString(type.Name);
        if (type.GetDeclaringType() is { IsNil: false } outer) return $"{FullName(outer)}+{name}";
        return type.Namespace.IsNil ? name : $"{Reader.GetString(type.Namespace)}.{name}";
    }

    /// <summary>The body of a method, or null if it has none, as abstract and external ones.</summary>
    public MethodCode? Body(MethodDefinitionHandle handle)
    {
        int address = Reader.GetMethodDefinition(handle).RelativeVirtualAddress;
        if (address == 0) return null;
        if (file is null) return LoadedBody(handle);
        MethodBodyBlock block = file.GetMethodBody(address);
        return new MethodCode(
            Decode(block.GetILBytes()),
            block.LocalSignature,
            [.. block.ExceptionRegions.Select(region => new GuardedRegion(
                region.Kind, region.TryOffset, region.TryLength, region.HandlerOffset, region.HandlerLength,
                region.FilterOffset, region.CatchType))]);
    }

    /// <summary>The bytes that a field lies over, as those of array literals do; null for other fields.</summary>
    public byte[]? Data(FieldDefinitionHandle handle, int size)
    {
        FieldDefinition field = Reader.GetFieldDefinition(handle);
        if (!field.Attributes.HasFlag(FieldAttributes.HasFieldRVA)) return null;
        if (file is not null)
        {
            PEMemoryBlock block = file.GetSectionData(field.GetRelativeVirtualAddress());
            return [.. block.GetContent(0, Math.Min(size, block.Length))];
        }
        FieldInfo loaded = Assembly.ManifestModule.ResolveField(MetadataTokens.GetToken(handle))!;
        return [.. RuntimeHelpers.CreateSpan<byte>(loaded.FieldHandle)];
    }

    // The file may have been built again since it was loaded: then its bodies are others.
    private PEReader? OpenFile()
    {
        if (PathOfFile() is not { Length: > 0 } path) return null;
        try
        {
            var opened = new PEReader(File.OpenRead(path), PEStreamOptions.PrefetchEntireImage);
            MetadataReader metadata = opened.GetMetadataReader();
            if (metadata.GetGuid(metadata.GetModuleDefinition().Mvid) == Assembly.ManifestModule.ModuleVersionId) return opened;
            opened.Dispose();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or BadImageFormatException or InvalidOperationException)
        {
            // What is loaded can still be read.
        }
        return null;
    }

    [UnconditionalSuppressMessage("SingleFile", "IL3000", Justification = "Bundled assemblies have no location, and are read as they are loaded.")]
    private string PathOfFile() => Assembly.Location;

    private MethodCode? LoadedBody(MethodDefinitionHandle handle)
    {
        if (Assembly.ManifestModule.ResolveMethod(MetadataTokens.GetToken(handle))?.GetMethodBody() is not { } body) return null;
        EntityHandle locals = body.LocalSignatureMetadataToken == 0 ? default : MetadataTokens.EntityHandle(body.LocalSignatureMetadataToken);
        return new MethodCode(
            Decode(body.GetILAsByteArray()),
            locals.IsNil ? default : (StandaloneSignatureHandle)locals,
            [.. body.ExceptionHandlingClauses.Select(Region)]);
    }

    // The way from the closure of a scope to that of the scope around it: there may be one for both, if no other lambda
    // needs them apart. The variable at its end is the same.
    private List<Instruction> Decode(ReadOnlySpan<byte> code)
    {
        List<Instruction> instructions = IlDecoder.Decode(code);
        instructions.RemoveAll(each => each.Is("ldfld") && IsOuterClosure(MetadataTokens.EntityHandle(each.Token)));
        return instructions;
    }

    private bool IsOuterClosure(EntityHandle field) => Reader.StringComparer.StartsWith(
        field.Kind == HandleKind.FieldDefinition
            ? Reader.GetFieldDefinition((FieldDefinitionHandle)field).Name
            : Reader.GetMemberReference((MemberReferenceHandle)field).Name,
        GeneratedNames.OuterClosure);

    private GuardedRegion Region(ExceptionHandlingClause clause) => new(
        (ExceptionRegionKind)clause.Flags, clause.TryOffset, clause.TryLength, clause.HandlerOffset, clause.HandlerLength,
        clause.Flags == ExceptionHandlingClauseOptions.Filter ? clause.FilterOffset : -1,
        clause.Flags == ExceptionHandlingClauseOptions.Clause ? HandleOf(clause.CatchType!) : default,
        clause.Flags == ExceptionHandlingClauseOptions.Clause ? clause.CatchType : null);

    // The runtime tells the type itself; its handle, where there is one, gives the same words as the file does.
    private EntityHandle HandleOf(Type type)
    {
        if (type.Module == Assembly.ManifestModule && !type.IsConstructedGenericType) return MetadataTokens.EntityHandle(type.MetadataToken);
        return Reader.TypeReferences.Where(each =>
        {
            TypeReference reference = Reader.GetTypeReference(each);
            return Reader.StringComparer.Equals(reference.Name, type.Name)
                && Reader.StringComparer.Equals(reference.Namespace, type.Namespace ?? "");
        }).Select(each => (EntityHandle)each).FirstOrDefault();
    }
}

/// <summary>What a method does.</summary>
/// <param name="Instructions">Its instructions, without <c>nop</c>s.</param>
/// <param name="Locals">The types of its local variables.</param>
/// <param name="Regions">Its try blocks, one for each handler.</param>
internal sealed record MethodCode(
    List<Instruction> Instructions, StandaloneSignatureHandle Locals, IReadOnlyList<GuardedRegion> Regions);

/// <summary>A try block and one of its handlers; offsets and lengths in bytes of code. What is caught tells the handle, or else the type.</summary>
internal sealed record GuardedRegion(
    ExceptionRegionKind Kind,
    int TryOffset,
    int TryLength,
    int HandlerOffset,
    int HandlerLength,
    int FilterOffset,
    EntityHandle CatchType,
    Type? LoadedType = null);
