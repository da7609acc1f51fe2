using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Runtime.CompilerServices;

namespace Leat.Code;

/// <summary>Where methods stand in the sources, from the portable PDB beside their assembly, or in it.</summary>
internal static class SourceLines
{
    /// <summary>File and line of the first statement of a method, such as <c>Program.cs:12</c>; null if there is no PDB.</summary>
    public static string? Of(MethodInfo method)
    {
        if (PathOf(method.Module.Assembly) is not { Length: > 0 } path) return null;
        try
        {
            using var file = new PEReader(File.OpenRead(path));
            MetadataReader metadata = file.GetMetadataReader();
            // Built again since it was loaded: the lines are others.
            if (metadata.GetGuid(metadata.GetModuleDefinition().Mvid) != method.Module.ModuleVersionId) return null;
            if (!file.TryOpenAssociatedPortablePdb(path, Open, out MetadataReaderProvider? symbols, out _)) return null;
            using (symbols)
            {
                MetadataReader reader = symbols!.GetMetadataReader();
                return In(reader, method) ?? (Body(method) is { } body ? In(reader, body) : null);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or BadImageFormatException or InvalidOperationException)
        {
            // A message does without the line.
            return null;
        }
    }

    private static Stream? Open(string path) => File.Exists(path) ? File.OpenRead(path) : null;

    private static string? In(MetadataReader reader, MethodBase method)
    {
        var handle = (MethodDefinitionHandle)MetadataTokens.EntityHandle(method.MetadataToken);
        foreach (SequencePoint point in reader.GetMethodDebugInformation(handle.ToDebugInformationHandle()).GetSequencePoints())
        {
            if (point.IsHidden) continue;
            string document = reader.GetString(reader.GetDocument(point.Document).Name);
            return string.Create(CultureInfo.InvariantCulture, $"{document[(document.LastIndexOfAny(['/', '\\']) + 1)..]}:{point.StartLine}");
        }
        return null;
    }

    // What an author writes into an async method or an iterator stands in the state machine that is made of it.
    private static MethodInfo? Body(MethodInfo method) =>
        method.GetCustomAttribute<StateMachineAttribute>()?.StateMachineType
            .GetMethod("MoveNext", BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly);

    [UnconditionalSuppressMessage("SingleFile", "IL3000", Justification = "Bundled assemblies have no location, and so no lines.")]
    private static string PathOf(Assembly assembly) => assembly.Location;
}
