using System.Reflection;
using System.Text.Json;

namespace Leat.Code;

/// <summary>
/// What the file <c>NAME.deps.json</c> beside a program says about its assemblies: which are projects of the author's,
/// and which come from a package, of what version.
/// </summary>
internal sealed class DepsFile
{
    private readonly HashSet<string> projects = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> packages = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The file of the program that runs; says nothing where there is none, as in single-file programs.</summary>
    public static DepsFile OfProgram { get; } = Load();

    /// <summary>The names of all assemblies that come from projects.</summary>
    public IReadOnlyCollection<string> Projects => projects;

    public bool IsProject(string assembly) => projects.Contains(assembly);

    /// <summary>The version of the package that an assembly comes from, or null where it comes from none.</summary>
    public string? PackageVersion(string assembly) => packages.GetValueOrDefault(assembly);

    /// <summary>Reads the text of such a file; what it can't make out, it leaves out.</summary>
    public static DepsFile Parse(ReadOnlyMemory<byte> json)
    {
        var file = new DepsFile();
        try
        {
            using var document = JsonDocument.Parse(json);
            JsonElement root = document.RootElement;
            if (!root.TryGetProperty("libraries", out JsonElement libraries) || !root.TryGetProperty("targets", out JsonElement targets)) return file;
            foreach (JsonProperty library in targets.EnumerateObject().SelectMany(target => target.Value.EnumerateObject()))
            {
                if (libraries.TryGetProperty(library.Name, out JsonElement about) && about.TryGetProperty("type", out JsonElement type))
                {
                    file.Add(library, type.GetString());
                }
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // A file that is no such file says nothing.
        }
        return file;
    }

    private void Add(JsonProperty library, string? type)
    {
        string[] identity = library.Name.Split('/', 2);
        if (!library.Value.TryGetProperty("runtime", out JsonElement assemblies))
        {
            if (type == "project") projects.Add(identity[0]);
            return;
        }
        foreach (JsonProperty assembly in assemblies.EnumerateObject())
        {
            string name = Path.GetFileNameWithoutExtension(assembly.Name);
            if (type == "project") projects.Add(name);
            else if (type == "package" && identity.Length == 2) packages[name] = identity[1];
        }
    }

    private static DepsFile Load()
    {
        string? program = Assembly.GetEntryAssembly()?.GetName().Name;
        string path = Path.Combine(AppContext.BaseDirectory, program + ".deps.json");
        return program is not null && File.Exists(path) ? Parse(File.ReadAllBytes(path)) : new DepsFile();
    }
}
