using System.Globalization;
using System.Reflection;
using System.Reflection.Metadata;
using System.Text;

namespace Leat.Code;

/// <summary>Writes the text of one unit: a method and, behind it, all that the compiler made of it.</summary>
internal sealed class UnitWriter
{
    private readonly StringBuilder text = new();
    private readonly CodeGraph code;
    private readonly UnitNames names;
    private readonly UnitUses uses;
    private readonly List<string> constants = [];
    private readonly List<MethodId> bodies = [];

    private UnitWriter(CodeGraph code)
    {
        this.code = code;
        names = new UnitNames(text, code.Own);
        uses = new UnitUses(code);
    }

    /// <summary>Reads a unit and writes its text.</summary>
    /// <param name="id">The unit.</param>
    /// <param name="code">Where what it uses is found.</param>
    /// <param name="isPinned">True if its author's word on its version counts in place of its code.</param>
    public static CodeUnit Write(UnitId id, CodeGraph code, bool isPinned) => new UnitWriter(code).Unit(id, isPinned);

    /// <summary>The identity of a method that an author named: assembly, type, name and signature.</summary>
    public static string KeyOf(MethodId method, OwnAssemblies own) =>
        $"{UnitNames.NameOf(method.Type)}::{method.Name}{own.Symbols(method.Module).Signature(method.Definition)}";

    private CodeUnit Unit(UnitId id, bool isPinned)
    {
        Pin? pin = isPinned && id.IsMethod ? code.PinOf(id.Method) : null;
        string key;
        if (!id.IsMethod)
        {
            key = $"{UnitNames.NameOf(id.Field.Type)}::{id.Field.Name}";
            text.Append("initial value of ").Append(key).Append('\n');
            WriteInitialValue(id.Field);
        }
        else if (pin is { } pinned)
        {
            key = PinnedKey(id.Method);
            text.Append(pinned.Version is { } version ? $"version {version.Length}:{version} of {key}\n" : $"any version of {key}\n");
        }
        else
        {
            key = WriteMethodUnit(id.Method);
        }
        foreach (TypeId type in names.Mentioned) uses.AddCalledFromOutside(type);
        return new CodeUnit
        {
            Id = id,
            Key = key,
            Title = CodeTitles.Of(id),
            Text = text.ToString(),
            Bodies = [.. bodies],
            Uses = uses.ToImmutable(),
            Assemblies = names.Assemblies,
            Constants = [.. constants],
            Pin = pin,
        };
    }

    // A lambda that is the unit has no name to be known by.
    private string WriteMethodUnit(MethodId method)
    {
        string key;
        if (GeneratedNames.IsGenerated(method))
        {
            key = "lambda";
            names.Write(method);
            text.Append('\n');
        }
        else
        {
            key = KeyOf(method, code.Own);
            text.Append("method ").Append(key).Append('\n');
            WriteMethod(method);
        }
        WritePending();
        return key;
    }

    private string PinnedKey(MethodId method)
    {
        if (!GeneratedNames.IsGenerated(method)) return KeyOf(method, code.Own);
        TypeId type = method.Type;
        while (GeneratedNames.IsGenerated(type)) type = new TypeId(type.Module, type.Definition.GetDeclaringType());
        string place = GeneratedNames.LocalFunction(method.Name) ?? method.Name[(method.Name.LastIndexOf('_') + 1)..];
        return $"{UnitNames.NameOf(type)}::{GeneratedNames.Within(method.Name)}/{place}";
    }

    private void WritePending()
    {
        while (names.Pending.TryDequeue(out UnitId id))
        {
            if (id.IsMethod) WriteMethod(id.Method);
            else WriteType(new TypeId(id.Module, (TypeDefinitionHandle)id.Handle));
        }
    }

    // What the framework calls in a generated type, as MoveNext of a state machine, nobody names.
    private void WriteType(TypeId type)
    {
        text.Append("type ");
        names.Write(type);
        TypeDefinition definition = type.Definition;
        if (!definition.BaseType.IsNil)
        {
            text.Append(" : ");
            names.Write(code.Own.Symbols(type.Module).Type(definition.BaseType));
        }
        text.Append(CultureInfo.InvariantCulture, $" size {definition.GetLayout().Size} length {InlineLength(type)}\n");
        foreach (MethodDefinitionHandle handle in definition.GetMethods())
        {
            var method = new MethodId(type.Module, handle);
            if (!method.Definition.Attributes.HasFlag(MethodAttributes.Virtual)) continue;
            text.Append("virtual ");
            names.Write(method);
            text.Append('\n');
        }
    }

    private static int InlineLength(TypeId type)
    {
        MetadataReader reader = type.Module.Reader;
        foreach (CustomAttributeHandle handle in type.Definition.GetCustomAttributes())
        {
            CustomAttribute attribute = reader.GetCustomAttribute(handle);
            if (attribute.Constructor.Kind != HandleKind.MemberReference) continue;
            EntityHandle parent = reader.GetMemberReference((MemberReferenceHandle)attribute.Constructor).Parent;
            if (parent.Kind != HandleKind.TypeReference) continue;
            if (!reader.StringComparer.Equals(reader.GetTypeReference((TypeReferenceHandle)parent).Name, "InlineArrayAttribute")) continue;
            BlobReader value = reader.GetBlobReader(attribute.Value);
            value.ReadUInt16();
            return value.ReadInt32();
        }
        return 0;
    }

    private void WriteMethod(MethodId method)
    {
        bodies.Add(method);
        MethodDefinition definition = method.Definition;
        if (GeneratedNames.IsGenerated(method))
        {
            text.Append("body ");
            names.Write(method);
            if (IsInterfaceMember(method)) text.Append(' ').Append(method.Name);
        }
        text.Append(definition.Attributes.HasFlag(MethodAttributes.Static) ? " static " : " instance ");
        names.Write(code.Own.Symbols(method.Module).Signature(definition));
        text.Append('\n');
        WriteImport(method);
        if (method.Module.Body(method.Handle) is { } body) Body(method.Module).Write(body, Range.All);
    }

    // Which member of IEnumerator or IAsyncStateMachine it is says the name, and the compiler does not make it up.
    private static bool IsInterfaceMember(MethodId method) =>
        method.Definition.Attributes.HasFlag(MethodAttributes.Virtual) && !method.Name.StartsWith('<');

    private void WriteImport(MethodId method)
    {
        MethodImport import = method.Definition.GetImport();
        if (import.Module.IsNil) return;
        MetadataReader reader = method.Module.Reader;
        text.Append("import ").Append(reader.GetString(reader.GetModuleReference(import.Module).Name))
            .Append(' ').Append(reader.GetString(import.Name)).Append('\n');
    }

    private void WriteInitialValue(FieldId field)
    {
        if (code.InitialisersOf(field.Type)?.Parts.TryGetValue(field.Handle, out Range part) != true) return;
        Body(field.Module).Write(code.InitialisersOf(field.Type)!.Code, part);
        WritePending();
    }

    private BodyWriter Body(CodeModule module) => new(text, module, code, names, uses, constants);
}
