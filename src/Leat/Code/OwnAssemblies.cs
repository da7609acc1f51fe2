using System.Globalization;
using System.Reflection;
using System.Reflection.Metadata;
using System.Runtime.Loader;

namespace Leat.Code;

/// <summary>
/// The assemblies whose code counts by what it does: the author's own. All others count by name and version.
/// </summary>
/// <remarks>
/// An assembly is the author's own if the delegate itself is in it, if it references Leat, or if the program's
/// <c>deps.json</c> lists it as a project. Never own are the platform's assemblies, Leat, and what the
/// <c>deps.json</c> lists as part of a package. Leat counts by its name alone: a new version of it makes no results doubtful.
/// </remarks>
/// <param name="context">Where references are looked up.</param>
/// <param name="root">The delegate's assembly, where nothing else makes it own; null otherwise.</param>
internal sealed class OwnAssemblies(AssemblyLoadContext context, Assembly? root)
{
    // The keys that .NET's own assemblies are signed with.
    private static readonly string[] PlatformKeys =
        ["b03f5f7f11d50a3a", "7cec85d7bea7798e", "cc7b13ffcd2ddd51", "b77a5c561934e089", "adb9793829ddae60", "31bf3856ad364e35"];

    private static readonly string LeatName = typeof(OwnAssemblies).Assembly.GetName().Name!;

    private readonly Dictionary<string, CodeModule?> references = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> versions = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<Assembly, CodeModule> modules = [];
    private readonly Dictionary<CodeModule, SymbolReader> symbols = [];

    /// <summary>True for an assembly that is own wherever the delegate is.</summary>
    public static bool IsOwnAnyway(Assembly assembly)
    {
        AssemblyName name = assembly.GetName();
        return !IsNever(name) && (DepsFile.OfProgram.IsProject(name.Name!)
            || Array.Exists(assembly.GetReferencedAssemblies(), each => each.Name == LeatName));
    }

    /// <summary>True for an assembly that is not even own if the delegate is in it.</summary>
    public static bool IsNever(AssemblyName name) =>
        name.Name == LeatName || IsPlatform(name) || DepsFile.OfProgram.PackageVersion(name.Name!) is not null;

    /// <summary>True for an assembly whose version counts if it isn't own.</summary>
    public static bool CountsByVersion(string assembly) => assembly != LeatName;

    /// <summary>The module of an assembly, or null if it isn't the author's own.</summary>
    public CodeModule? Find(Assembly assembly)
    {
        if (modules.TryGetValue(assembly, out CodeModule? known)) return known;
        if (assembly.IsDynamic || (assembly != root && !IsOwnAnyway(assembly)) || CodeModule.Of(assembly) is not { } module) return null;
        modules.Add(assembly, module);
        return module;
    }

    public SymbolReader Symbols(CodeModule module)
    {
        if (symbols.TryGetValue(module, out SymbolReader? known)) return known;
        var reader = new SymbolReader(module, Resolve);
        symbols.Add(module, reader);
        return reader;
    }

    /// <summary>The version by which an assembly counts that isn't the author's own.</summary>
    public string Version(string assembly) => versions.GetValueOrDefault(assembly, "");

    /// <summary>All own assemblies that are loaded or that a loaded one references.</summary>
    public IReadOnlyCollection<CodeModule> LoadAll()
    {
        foreach (Assembly loaded in AssemblyLoadContext.Default.Assemblies.Concat(context.Assemblies).Distinct()) Find(loaded);
        var queue = new Queue<CodeModule>(modules.Values);
        var seen = new HashSet<CodeModule>(queue);
        while (queue.TryDequeue(out CodeModule? module))
        {
            foreach (AssemblyReferenceHandle handle in module.Reader.AssemblyReferences)
            {
                if (Resolve(module.Reader, handle) is { } next && seen.Add(next)) queue.Enqueue(next);
            }
        }
        return seen;
    }

    private static bool IsPlatform(AssemblyName name) =>
        name.GetPublicKeyToken() is { Length: > 0 } key && PlatformKeys.Contains(Convert.ToHexStringLower(key), StringComparer.Ordinal);

    private CodeModule? Resolve(MetadataReader reader, AssemblyReferenceHandle handle)
    {
        AssemblyReference reference = reader.GetAssemblyReference(handle);
        string name = reader.GetString(reference.Name);
        if (references.TryGetValue(name, out CodeModule? known)) return known;
        AssemblyName fullName = reference.GetAssemblyName();
        bool isKnown = IsPlatform(fullName) || DepsFile.OfProgram.PackageVersion(name) is not null;
        Assembly? loaded = isKnown ? null : Load(fullName);
        CodeModule? module = loaded is null ? null : Find(loaded);
        if (module is null) versions[name] = VersionOf(name, reference.Version, loaded);
        return references[name] = module;
    }

    private Assembly? Load(AssemblyName name)
    {
        try
        {
            return context.LoadFromAssemblyName(name);
        }
        catch (Exception error) when (error is IOException or BadImageFormatException)
        {
            // What can't be loaded can't be run either; its version is that which was compiled against.
            return null;
        }
    }

    /// <summary>The version by which a loaded assembly counts that isn't the author's own.</summary>
    public static string VersionOf(Assembly assembly)
    {
        AssemblyName name = assembly.GetName();
        Version version = name.Version ?? new Version();
        return VersionOf(name.Name!, version, IsPlatform(name) ? null : assembly);
    }

    private static string VersionOf(string name, Version compiled, Assembly? loaded)
    {
        if (DepsFile.OfProgram.PackageVersion(name) is { } package) return package;
        if (loaded is null) return compiled.ToString();
        string? told = loaded.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
        string version = (loaded.GetName().Version ?? compiled).ToString();
        if (told is null) return version;
        // Behind the plus stands the commit that a package was built from; the same version may be built twice.
        int plus = told.IndexOf('+', StringComparison.Ordinal);
        string words = plus < 0 ? told : told[..plus];
        return words == version ? version : string.Create(CultureInfo.InvariantCulture, $"{words} ({version})");
    }
}
