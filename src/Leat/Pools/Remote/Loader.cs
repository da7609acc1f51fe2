using System.Globalization;
using System.Runtime.InteropServices;

namespace Leat.Pools;

/// <summary>
/// What is said to <c>loader.sh</c> until it has become the agent: it tells what its machine is like, gets the files that it lacks, and
/// starts them. Whatever speaks against that is told before any work is done.
/// </summary>
internal sealed class Loader
{
    /// <summary>The step in which the machine is still to be reached.</summary>
    public const string FirstStep = "it was to be reached";

    private const string Greeting = "leat-loader 1";
    private const int LongestLine = 8 * 1024;
    private const int MostNoise = 2 * 1024;
    private const int MostLines = 10_000;

    private static readonly Lazy<string> Script = new(Read);

    private readonly Func<string> name;
    private readonly LinkProcess process;
    private readonly ProgramFiles files;
    private readonly Action<string> onReached;
    private readonly Action<string> onStep;
    private readonly Dictionary<string, string> facts = new(StringComparer.Ordinal);
    private readonly List<string> runtimes = [];
    private readonly System.Text.StringBuilder noise = new();

    private Loader(Func<string> name, LinkProcess process, ProgramFiles files, Action<string> onReached, Action<string> onStep)
    {
        this.name = name;
        this.onReached = onReached;
        this.process = process;
        this.files = files;
        this.onStep = onStep;
    }

    /// <summary>The words of the command that starts the loader: it takes its text, of so many bytes, from the standard input.</summary>
    public static IReadOnlyList<string> Words(ProgramFiles files) =>
        ["sh", "-c", string.Create(CultureInfo.InvariantCulture, $"eval \"$(dd bs=1 count={ScriptFor(files).Length} 2>/dev/null)\"")];

    /// <summary>Brings an agent up; then the process's streams lead to it.</summary>
    /// <param name="name">The machine, which may come to be called otherwise when it was reached.</param>
    /// <param name="process">The way to it.</param>
    /// <param name="files">What is to run there.</param>
    /// <param name="onReached">Told what was written ahead of the machine's answer.</param>
    /// <param name="onStep">Told what it waits for, each time that it has got on.</param>
    /// <exception cref="LeatException">The machine will not do.</exception>
    /// <exception cref="IOException">The way to it has ended.</exception>
    public static void Run(Func<string> name, LinkProcess process, ProgramFiles files, Action<string> onReached, Action<string> onStep)
    {
        var loader = new Loader(name, process, files, onReached, onStep);
        loader.Hear();
        loader.Judge();
        loader.Load();
    }

    private static byte[] ScriptFor(ProgramFiles files) =>
        System.Text.Encoding.UTF8.GetBytes($"wanted='{(files.Frameworks.Count > 0 ? files.Frameworks[0].Line : "Microsoft.NETCore.App ")}'\n{Script.Value}");

    private static string Read()
    {
        using var reader = new StreamReader(typeof(Loader).Assembly.GetManifestResourceStream("Leat.loader.sh")!);
        return reader.ReadToEnd();
    }

    private void Hear()
    {
        onStep(FirstStep);
        Send(ScriptFor(files));
        while (ReadLine() is var line && line != Greeting)
        {
            if (noise.Length < MostNoise) noise.Append(line).Append('\n');
        }

        onReached(noise.ToString());
        onStep("it said what it has");
        for (int lines = 0; ReadLine() is var line && line != "ready"; lines++)
        {
            if (lines > MostLines) throw Nonsense();
            string[] parts = line.Split(' ', 2);
            string value = parts.Length > 1 ? parts[1].Trim() : "";
            if (parts[0] == "runtime" && value.Length > 0) runtimes.Add(string.Join(' ', value.Split(' ').Take(2)));
            else facts[parts[0]] = value;
        }
    }

    private void Judge()
    {
        string here = KindOf(SystemName, MachineName, files.IsExecutable ? Library : null);
        string there = KindOf(Fact("system"), Normal(Fact("machine")), files.IsExecutable ? Fact("library") : null);
        if (there != here) throw RemoteErrors.OtherMachine(name(), there, here);
        foreach (NeededFramework needed in files.Frameworks)
        {
            if (!runtimes.Exists(runtime => runtime.StartsWith(needed.Line, StringComparison.Ordinal)))
            {
                throw RemoteErrors.NoRuntime(name(), needed.Line.TrimEnd('.'), Fact("dotnet"), runtimes);
            }
        }

        if (Fact("trouble") is { Length: > 0 } trouble) throw RemoteErrors.NoRoom(name(), Fact("cache"), trouble);
    }

    private void Load()
    {
        byte[] manifest = System.Text.Encoding.UTF8.GetBytes(files.Manifest);
        string hosting = files.Host is { } hosted ? $"deps {hosted.Deps}\nconfig {hosted.Config}\n" : "";
        string request = string.Create(
            CultureInfo.InvariantCulture,
            $"digest {files.Digest}\nsize {manifest.Length}\nrun {(files.IsExecutable ? "self" : "dotnet")}\nentry {files.Entry}\n{hosting}directory {Path.GetFullPath(".")}\ngo\n");
        onStep("it looked for the program's files in its cache");
        Send(System.Text.Encoding.UTF8.GetBytes(request));
        Send(manifest);

        List<ProgramFile> lacking = [];
        while (ReadLine() is var line && line != "lacking")
        {
            if (!line.StartsWith("lack ", StringComparison.Ordinal)) throw Failed(line);
            lacking.Add(files.Files.First(file => file.Digest == line[5..]));
        }

        CheckRoom(lacking.Sum(file => file.Length));
        foreach (ProgramFile file in lacking) Send(file);
        onStep("it put the program together");
        if (ReadLine() is var end && end != "start") throw Failed(end);
        onStep("the agent was to start");
    }

    private void CheckRoom(long bytes)
    {
        const long kib = 1024;
        if (!long.TryParse(Fact("free"), NumberStyles.None, CultureInfo.InvariantCulture, out long free) || bytes <= free * kib) return;
        throw RemoteErrors.NoRoom(name(), Fact("cache"), string.Create(CultureInfo.InvariantCulture, $"{bytes / kib} KiB have to be sent, and {free} are free"));
    }

    private void Send(ProgramFile file)
    {
        byte[] buffer = new byte[64 * 1024];
        using FileStream stream = File.OpenRead(file.Path);
        if (stream.Length != file.Length) throw RemoteErrors.Changed(file.Path);
        while (stream.Read(buffer) is var read and > 0)
        {
            onStep($"it was sent {file.Name}");
            Send(buffer.AsSpan(0, read));
        }
    }

    private void Send(ReadOnlySpan<byte> bytes)
    {
        try
        {
            process.Input.Write(bytes);
            process.Input.Flush();
        }
        catch (IOException)
        {
            // What the other side has to say about it is read next.
        }
    }

    // Byte by byte: what follows the last line is the agent's.
    private string ReadLine()
    {
        var line = new MemoryStream();
        while (true)
        {
            int letter = process.Output.ReadByte();
            if (letter < 0)
            {
                if (noise.Length < MostNoise) noise.Append(System.Text.Encoding.UTF8.GetString(line.ToArray()));
                throw new IOException(noise.ToString().Trim());
            }

            if (letter == '\n') return System.Text.Encoding.UTF8.GetString(line.ToArray()).TrimEnd('\r');
            line.WriteByte((byte)letter);
            if (line.Length > LongestLine) throw Nonsense();
        }
    }

    private LeatException Failed(string line) =>
        line.StartsWith("failed disk", StringComparison.Ordinal) ? RemoteErrors.NoRoom(name(), Fact("cache"), $"writing there failed; df says: {line["failed disk".Length..].Trim()}")
        : line.StartsWith("failed digest", StringComparison.Ordinal) ? RemoteErrors.Changed(files.Files.FirstOrDefault(file => line.EndsWith(file.Digest, StringComparison.Ordinal)).Path ?? "?")
        : Nonsense();

    private LeatException Nonsense() => RemoteErrors.NoAnswer(name(), process.Text, noise.ToString().Trim(), process.Errors);

    private string Fact(string name) => facts.GetValueOrDefault(name, "");

    private static string SystemName => OperatingSystem.IsMacOS() ? "Darwin" : OperatingSystem.IsFreeBSD() ? "FreeBSD" : OperatingSystem.IsWindows() ? "Windows" : "Linux";

    private static string MachineName => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => "x86_64",
        Architecture.X86 => "i686",
        Architecture.Arm64 => "aarch64",
        var other => other.ToString().ToLowerInvariant(),
    };

    private static string Library => RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal) ? "musl" : "glibc";

    private static string Normal(string machine) => machine switch { "amd64" => "x86_64", "arm64" => "aarch64", _ => machine };

    private static string KindOf(string system, string machine, string? library) => library is null || system != "Linux" ? $"{system} on {machine}" : $"{system} with {library} on {machine}";
}
