using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;

namespace Leat.Pools;

/// <summary>A file of the program.</summary>
/// <param name="Path">Where it is here.</param>
/// <param name="Name">Where it is in the program's folder, with forward slashes.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="Digest">The SHA-256 of them, in hexadecimal digits.</param>
internal readonly record struct ProgramFile(string Path, string Name, long Length, string Digest);

/// <summary>A framework that the program needs where it is to run.</summary>
internal readonly record struct NeededFramework(string Name, int Major, int Minor)
{
    /// <summary>The start of the line in which <c>dotnet --list-runtimes</c> names one that will do.</summary>
    public string Line => string.Create(CultureInfo.InvariantCulture, $"{Name} {Major}.{Minor}.");
}

/// <summary>What the running program is made of, so that another machine can run it.</summary>
internal sealed class ProgramFiles
{
    /// <summary>A program of more bytes is taken for a folder with other things in it.</summary>
    public const long MostBytes = 1L << 30;

    private static readonly Lazy<ProgramFiles> Own = new(Find);

    private ProgramFiles(IReadOnlyList<ProgramFile> files, string entry, bool isExecutable, IReadOnlyList<NeededFramework> frameworks)
    {
        Files = files;
        Entry = entry;
        IsExecutable = isExecutable;
        Frameworks = frameworks;
        Manifest = string.Concat(files.Select(file => string.Create(CultureInfo.InvariantCulture, $"{file.Digest} {file.Length} {file.Name}\n")));
        Digest = Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(Manifest)));
    }

    /// <summary>Those of this program, as they were when they were first asked for.</summary>
    /// <exception cref="LeatException">They can't be sent.</exception>
    public static ProgramFiles OfProgram => Own.Value;

    public IReadOnlyList<ProgramFile> Files { get; }

    /// <summary>What is started of them: an assembly, or the program itself.</summary>
    public string Entry { get; }

    /// <summary>True when <see cref="Entry"/> is started as it is, false when <c>dotnet exec</c> starts it.</summary>
    public bool IsExecutable { get; }

    /// <summary>Files that <c>dotnet exec</c> is to be told of, where their names are not those of the entry.</summary>
    public (string Deps, string Config)? Host { get; private init; }

    /// <summary>What must be there to run them; nothing for a program that brings it along.</summary>
    public IReadOnlyList<NeededFramework> Frameworks { get; }

    /// <summary>A line a file: digest, length, name.</summary>
    public string Manifest { get; }

    /// <summary>The SHA-256 of the manifest, in hexadecimal digits.</summary>
    public string Digest { get; }

    private static ProgramFiles Find()
    {
        string entry = Assembly.GetEntryAssembly()?.Location ?? "";
        string executable = Environment.ProcessPath ?? throw PoolErrors.NotStartable("the path of its executable is not known");
        if (entry.Length == 0) return OfSingleFile(executable);
        string folder = Path.GetDirectoryName(entry)!;
        string deps = (AppContext.GetData("APP_CONTEXT_DEPS_FILES") as string)?.Split(';')[0] ?? "";
        string usual = Path.ChangeExtension(entry, ".deps.json");
        bool isHosted = deps.Length > 0 && deps != usual && File.Exists(deps);
        if (isHosted) folder = Path.GetDirectoryName(deps)!;
        string config = isHosted ? deps.Replace(".deps.json", ".runtimeconfig.json", StringComparison.Ordinal) : Path.ChangeExtension(entry, ".runtimeconfig.json");
        (IReadOnlyList<NeededFramework> frameworks, bool isSelfContained) = FrameworksOf(config);
        IReadOnlyList<ProgramFile> files = Gather(folder, [entry, .. Elsewhere(folder)]);
        string start = isSelfContained ? executable : entry;
        return new ProgramFiles(files, NameIn(folder, start), isSelfContained, frameworks)
        {
            Host = isHosted && File.Exists(config) ? (NameIn(folder, deps), NameIn(folder, config)) : null,
        };
    }

    // Its assemblies are in it. What lies beside it is not its own, but for libraries.
    private static ProgramFiles OfSingleFile(string executable)
    {
        string folder = Path.GetDirectoryName(executable)!;
        IEnumerable<string> libraries = Directory.EnumerateFiles(folder).Where(file => Path.GetExtension(file) is ".so" or ".dylib" or ".dll" or ".pdb");
        bool bringsRuntime = typeof(object).Assembly.Location.Length == 0;
        NeededFramework[] frameworks = bringsRuntime ? [] : [new("Microsoft.NETCore.App", Environment.Version.Major, Environment.Version.Minor)];
        return new ProgramFiles(Read(folder, [executable, .. libraries]), NameIn(folder, executable), isExecutable: true, frameworks);
    }

    // Assemblies that were loaded from other places, such as the package cache, lie beside the others there.
    private static IEnumerable<string> Elsewhere(string folder)
    {
        string runtime = Path.GetDirectoryName(Path.GetDirectoryName(RuntimeEnvironment.GetRuntimeDirectory().TrimEnd('/')))!;
        string shared = Path.GetDirectoryName(runtime)!;
        return ((AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") as string) ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Where(path => !IsIn(shared, path) && !IsIn(folder, path));
    }

    private static ProgramFile[] Gather(string folder, IEnumerable<string> others)
    {
        DateTime started;
        using (var own = System.Diagnostics.Process.GetCurrentProcess()) started = own.StartTime.ToUniversalTime();
        var all = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint };
        return Read(folder, Directory.EnumerateFiles(folder, "*", all).Where(file => IsOfProgram(folder, file, started)).Concat(others));
    }

    private static bool IsOfProgram(string folder, string file, DateTime started)
    {
        // Such as .leat, or .git.
        if (Path.GetRelativePath(folder, file).Split('/').Any(part => part.StartsWith('.'))) return false;
        if (Path.GetExtension(file) is ".dll" or ".so" or ".dylib" or ".pdb") return true;

        // What the compiler has made of doc comments, and what the program itself has written.
        return !(Path.GetExtension(file) == ".xml" && File.Exists(Path.ChangeExtension(file, ".dll"))) && File.GetLastWriteTimeUtc(file) <= started;
    }

    private static ProgramFile[] Read(string folder, IEnumerable<string> paths)
    {
        FileInfo[] files = [.. paths.Distinct(StringComparer.Ordinal).Select(path => new FileInfo(path)).Where(file => file.Exists)];
        long bytes = files.Sum(file => file.Length);
        if (bytes > MostBytes) throw RemoteErrors.TooLarge(folder, bytes, [.. files.OrderByDescending(file => file.Length).Take(3).Select(file => (NameIn(folder, file.FullName), file.Length))]);
        try
        {
            return
            [
                .. files.Select(file => new ProgramFile(file.FullName, NameIn(folder, file.FullName), file.Length, DigestOf(file.FullName)))
                    .Where(file => !file.Name.AsSpan().ContainsAny("\n\r\\") && file.Name.Trim() == file.Name)
                    .OrderBy(file => file.Name, StringComparer.Ordinal),
            ];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw RemoteErrors.Unreadable(folder, error);
        }
    }

    private static string NameIn(string folder, string path) => IsIn(folder, path) ? Path.GetRelativePath(folder, path).Replace('\\', '/') : Path.GetFileName(path);

    private static bool IsIn(string folder, string path) => path.StartsWith(folder.TrimEnd('/') + "/", StringComparison.Ordinal);

    private static string DigestOf(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    private static (IReadOnlyList<NeededFramework> Frameworks, bool IsSelfContained) FrameworksOf(string config)
    {
        if (!File.Exists(config)) return ([new NeededFramework("Microsoft.NETCore.App", Environment.Version.Major, Environment.Version.Minor)], false);
        using var document = JsonDocument.Parse(File.ReadAllBytes(config));
        JsonElement options = document.RootElement.GetProperty("runtimeOptions");
        if (options.TryGetProperty("includedFrameworks", out _)) return ([], true);
        IEnumerable<JsonElement> named = options.TryGetProperty("frameworks", out JsonElement several) ? several.EnumerateArray()
            : options.TryGetProperty("framework", out JsonElement one) ? [one] : [];
        return ([.. named.Select(FrameworkOf)], false);
    }

    private static NeededFramework FrameworkOf(JsonElement framework)
    {
        string[] version = framework.GetProperty("version").GetString()!.Split('.', '-');
        return new NeededFramework(
            framework.GetProperty("name").GetString()!,
            int.Parse(version[0], CultureInfo.InvariantCulture),
            int.Parse(version[1], CultureInfo.InvariantCulture));
    }
}
