using System.Reflection;
using Leat.Code;
using Leat.Encoding;

namespace Leat.Pools;

/// <summary>
/// Which builds the author's own assemblies are of. A worker of another build would find other code, or other fields, under the
/// same names: it gets no work.
/// </summary>
internal static class ProgramBuild
{
    /// <summary>Writes the builds of this program.</summary>
    public static void Write(EncodingWriter writer)
    {
        (string Name, Guid Build)[] builds = [.. Names().Select(name => (name, Build: TryLoad(name)?.ManifestModule.ModuleVersionId)).Where(each => each.Build is not null).Select(each => (each.name, each.Build!.Value))];
        writer.WriteVarint((ulong)builds.Length);
        foreach ((string name, Guid build) in builds)
        {
            writer.WriteValue(name);
            writer.Write(build);
        }
    }

    /// <summary>Reads the builds of another program, and says how this one differs; null if it doesn't.</summary>
    public static string? Differs(EncodingReader reader)
    {
        string? difference = null;
        for (int left = reader.ReadCount(); left > 0; left--)
        {
            string name = reader.ReadValue<string>();
            Guid build = reader.Read<Guid>();
            if (difference is null && TryLoad(name)?.ManifestModule.ModuleVersionId is var own && own != build)
            {
                difference = own is null ? $"the worker can't load the assembly '{name}'" : $"the assembly '{name}' has been built anew since the program started";
            }
        }

        return difference;
    }

    // Leat's own first: where it differs, nothing else is worth comparing.
    private static IEnumerable<string> Names() =>
        new[] { typeof(ProgramBuild).Assembly, Assembly.GetEntryAssembly() }
            .Select(assembly => assembly?.GetName().Name).OfType<string>()
            .Concat(DepsFile.OfProgram.Projects)
            .Distinct(StringComparer.OrdinalIgnoreCase);

    private static Assembly? TryLoad(string name)
    {
        try
        {
            return Assembly.Load(name);
        }
        catch (Exception error) when (error is IOException or BadImageFormatException)
        {
            return null;
        }
    }
}
