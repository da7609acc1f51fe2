using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Leat.Tests.Tree;

/// <summary>
/// The order of a library's folders: the types of a folder use those of the folders before it, and none after.
/// Which folder a type belongs to is read from the sources, as namespaces do not follow folders; who uses whom
/// is read from the assembly.
/// </summary>
internal static partial class Layering
{
    /// <summary>What breaks the order, a sentence each; nothing where it is kept.</summary>
    /// <param name="order">The folders, first the one that uses no other.</param>
    /// <param name="sources">Path relative to the library's directory, with forward slashes, and text.</param>
    /// <param name="assembly">What was compiled from them.</param>
    public static IReadOnlyList<string> Violations(string[] order, IEnumerable<(string Path, string Code)> sources, PEReader assembly)
    {
        List<string> violations = [];
        Dictionary<string, string> folders = [];
        foreach ((string path, string code) in sources)
        {
            string folder = path.Contains('/', StringComparison.Ordinal) ? path[..path.IndexOf('/', StringComparison.Ordinal)] : "";
            if (!order.Contains(folder, StringComparer.Ordinal)) violations.Add($"{path} lies in none of the folders {string.Join(", ", order)}.");
            foreach (string type in TypesIn(path, code))
            {
                if (folders.TryAdd(type, folder) || folders[type] == folder) continue;
                violations.Add($"{type} is spread over the folders {folders[type]} and {folder}.");
            }
        }
        violations.AddRange(
            from use in TypeReferences.In(assembly)
            let user = folders.GetValueOrDefault(SourceName(use.User))
            let used = folders.GetValueOrDefault(SourceName(use.Used))
            where user is not null && used is not null && Array.IndexOf(order, used) > Array.IndexOf(order, user)
            select $"{user} may not use {used}, but {use.Where} of {use.User} uses {use.Used}.");
        violations.Sort(StringComparer.Ordinal);
        return violations;
    }

    /// <summary>Types written in the sources that the assembly does not have, and so were compared with nothing.</summary>
    public static IEnumerable<string> NotCompiled(IEnumerable<(string Path, string Code)> sources, PEReader assembly) =>
        sources.SelectMany(source => TypesIn(source.Path, source.Code))
            .Except(TypeReferences.OutermostTypes(assembly).Select(SourceName), StringComparer.Ordinal)
            .Order(StringComparer.Ordinal);

    private static IEnumerable<string> TypesIn(string path, string code) =>
        from node in Compiled.Parse(path, code).GetRoot().DescendantNodes(node => node is not TypeDeclarationSyntax)
        where node is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax
        select MetadataName((MemberDeclarationSyntax)node, path);

    private static string MetadataName(MemberDeclarationSyntax type, string path)
    {
        (string name, int arity) = type switch
        {
            TypeDeclarationSyntax it => (it.Identifier.Text, it.Arity),
            DelegateDeclarationSyntax it => (it.Identifier.Text, it.Arity),
            BaseTypeDeclarationSyntax it => (it.Identifier.Text, 0),
            _ => throw new ArgumentException($"{type.Kind()} declares no type.", nameof(type)),
        };
        if (type.Modifiers.Any(SyntaxKind.FileKeyword)) name = $"<{Path.GetFileNameWithoutExtension(path)}>{name}";
        if (arity > 0) name += "`" + arity;
        return string.Concat(type.Ancestors().OfType<BaseNamespaceDeclarationSyntax>().Reverse().Select(space => space.Name + ".")) + name;
    }

    /// <summary>Takes the digest out of the name that the compiler gives a file-local type.</summary>
    private static string SourceName(string metadataName) => FileLocal().Replace(metadataName, "<${file}>");

    [GeneratedRegex("<(?<file>[^>]*)>F[0-9A-F]{64}__", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex FileLocal();
}
