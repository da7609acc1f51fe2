using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Leat.Encoding;

namespace Leat.Code;

/// <summary>An assembly that a delegate needs.</summary>
/// <param name="Name">Its simple name.</param>
/// <param name="Build">Which build it is: the version identifier of its module.</param>
/// <param name="Location">Where the file was from which it was loaded, for one that isn't found by name; may be empty.</param>
internal sealed record AssemblyAddress(string Name, Guid Build, string Location)
{
    public static AssemblyAddress Of(Assembly assembly) =>
        new(assembly.GetName().Name!, assembly.ManifestModule.ModuleVersionId, Codecs.IsFramework(assembly) ? "" : PathOf(assembly));

    public static AssemblyAddress Read(EncodingReader reader) =>
        new(reader.ReadValue<string>(), reader.Read<Guid>(), reader.ReadValue<string>());

    public void Write(EncodingWriter writer)
    {
        writer.WriteValue(Name);
        writer.Write(Build);
        writer.WriteValue(Location);
    }

    /// <summary>Finds the assembly among those that are loaded, or loads it; if there are others of its name, the same build.</summary>
    /// <exception cref="LeatException">There is none of its name.</exception>
    public Assembly Load()
    {
        // The build alone tells it, and is found faster than names are made.
        Assembly[] loaded = AppDomain.CurrentDomain.GetAssemblies();
        return Array.Find(loaded, each => !each.IsDynamic && each.ManifestModule.ModuleVersionId == Build)
            ?? ByName()
            ?? ByLocation()
            ?? Array.Find(loaded, each => string.Equals(each.GetName().Name, Name, StringComparison.Ordinal))
            ?? throw CodeErrors.NoAssembly(Name);
    }

    private Assembly? ByName()
    {
        try
        {
            return Assembly.Load(new AssemblyName(Name));
        }
        catch (Exception error) when (error is IOException or BadImageFormatException)
        {
            // The program loaded it by hand.
            return null;
        }
    }

    [SuppressMessage("Reliability", "CA2001", Justification = "It is how the sender of the reference has found it.")]
    private Assembly? ByLocation()
    {
        try
        {
            return File.Exists(Location) ? Assembly.LoadFrom(Location) : null;
        }
        catch (Exception error) when (error is IOException or BadImageFormatException)
        {
            return null;
        }
    }

    [UnconditionalSuppressMessage("SingleFile", "IL3000", Justification = "Bundled assemblies have no location, and are found by name.")]
    private static string PathOf(Assembly assembly) => assembly.Location;
}
