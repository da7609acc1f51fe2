using System.Globalization;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Text;

namespace Leat.Code;

/// <summary>Writes loaded types, such as the type arguments of a delegate's method, by names that survive a rebuild.</summary>
internal sealed class TypeWords(CodeGraph graph)
{
    private readonly StringBuilder text = new();

    /// <summary>The author's types that were named.</summary>
    public HashSet<TypeId> Mentioned { get; } = [];

    /// <summary>The other assemblies that were named, and their versions.</summary>
    public Dictionary<string, string> Assemblies { get; } = new(StringComparer.Ordinal);

    /// <summary>Writes a type and what it is made of.</summary>
    public void Write(Type type)
    {
        if (type.GetElementType() is { } element)
        {
            Write(element);
            text.Append(type.IsByRef ? "&" : type.IsPointer ? "*" : string.Create(CultureInfo.InvariantCulture, $"[{type.GetArrayRank()}]"));
            return;
        }
        WriteDefinition(type);
        if (!type.IsGenericType) return;
        text.Append('<');
        foreach (Type argument in type.GetGenericArguments()) Write(argument);
        text.Append('>');
    }

    /// <summary>Writes a method that isn't the author's.</summary>
    public void WriteOutside(MethodInfo method)
    {
        WriteOutside(method.DeclaringType!);
        text.Append("::").Append(method).Append('\n');
    }

    public override string ToString() => text.ToString();

    private void WriteDefinition(Type type)
    {
        if (type.IsGenericParameter || type.IsFunctionPointer || graph.Own.Find(type.Assembly) is not { } module)
        {
            WriteOutside(type);
            return;
        }
        var own = new TypeId(module, (TypeDefinitionHandle)MetadataTokens.EntityHandle(type.MetadataToken));
        if (GeneratedNames.IsAnonymousType(own))
        {
            text.Append("anonymous{").AppendJoin(',', GeneratedNames.AnonymousProperties(own)).Append('}');
            return;
        }
        if (!GeneratedNames.IsGenerated(own)) Mentioned.Add(own);
        text.Append(GeneratedNames.IsGenerated(own) ? "generated" : UnitNames.NameOf(own)).Append(';');
    }

    private void WriteOutside(Type type)
    {
        AssemblyName assembly = type.Assembly.GetName();
        if (OwnAssemblies.CountsByVersion(assembly.Name!)) Assemblies[assembly.Name!] = OwnAssemblies.VersionOf(type.Assembly);
        Type definition = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
        text.Append('[').Append(assembly.Name).Append(']').Append(definition).Append(';');
    }
}
