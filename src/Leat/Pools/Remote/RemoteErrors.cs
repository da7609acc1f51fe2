using System.Globalization;

namespace Leat.Pools;

/// <summary>Every error of pools on other machines, made in one place; <c>docs/errors.md</c> explains each.</summary>
internal static class RemoteErrors
{
    /// <summary>Of what may be over in a while.</summary>
    public const string UnreachableCode = "LEAT0200";

    /// <summary>Likewise.</summary>
    public const string SilentCode = "LEAT0207";

    private const double MiB = 1024 * 1024;

    public static LeatException Unreachable(string host, string command, string errors) =>
        new(UnreachableCode, $"The host '{host}' can't be reached.{Quote(command, errors)}\nCheck its name, that it is up, and that this command works in a terminal.");

    public static LeatException Denied(string host, string command, string errors) =>
        new("LEAT0201", $"The host '{host}' does not let you in.{Quote(command, errors)}\nNo password is asked for: set up a key for the host, and an ssh agent where the key has a passphrase.");

    public static LeatException HostKey(string host, bool hasChanged, string command, string errors) =>
        new("LEAT0202", $"The host '{host}' {(hasChanged ? "has another key than it had before, so it may be somebody else's" : "has a key that is not known here, so it may be anybody's")}.{Quote(command, errors)}\nConnect once with ssh in a terminal, and check the key.");

    public static LeatException NoRuntime(string host, string needed, string dotnet, IEnumerable<string> there) =>
        new("LEAT0203", $"The host '{host}' has no {needed}, which this program needs: {(dotnet.Length == 0 ? "no dotnet was found in PATH, DOTNET_ROOT, ~/.dotnet, /usr/share/dotnet or /usr/lib/dotnet" : $"{dotnet} has {Join(there)}")}. Install that runtime there (in ~/.dotnet it needs no rights), or publish the program as self-contained.");

    public static LeatException OtherMachine(string host, string there, string here) =>
        new("LEAT0204", $"The host '{host}' is another kind of machine: it is {there}, and this program runs on {here}. Use hosts of the same kind.");

    public static LeatException NoRoom(string host, string cache, string fault) =>
        new("LEAT0205", $"The program's files can't be kept on the host '{host}', in {cache}: {fault}. Make room there, or set XDG_CACHE_HOME on the host to a folder that you may write to.");

    public static LeatException NoAnswer(string host, string command, string output, string errors) =>
        new("LEAT0206", $"The host '{host}' did not answer as it should: a POSIX shell with the usual commands has to start there.{Said(output)}{Quote(command, errors)}");

    public static LeatException Silent(string host, TimeSpan patience, string step, string command, string errors) =>
        new(SilentCode, string.Create(CultureInfo.InvariantCulture, $"The host '{host}' has not answered within {patience.TotalSeconds:0.#} s, when {step}.{Quote(command, errors)}\nConnectTimeout in the pool's options sets how long it may take."));

    public static LeatException NoAgent(string host, string fault, string command, string errors) =>
        new("LEAT0208", $"The agent on the host '{host}' did not start: {fault}.{Quote(command, errors)}");

    public static LeatException TooFew(int there, int minimum, IEnumerable<(string Name, string Fault)> hosts) =>
        new("LEAT0209", string.Create(CultureInfo.InvariantCulture, $"Of the pool's hosts {there} {(there == 1 ? "is" : "are")} there, and at least {minimum} must be (RemotePoolOptions.Minimum):{string.Concat(hosts.Select(host => $"\n- {host.Name}: {host.Fault}"))}"));

    public static LeatException TooLarge(string folder, long bytes, IReadOnlyList<(string Name, long Length)> largest) =>
        new("LEAT0210", string.Create(CultureInfo.InvariantCulture, $"The program can't be sent to other machines: its folder '{folder}' has {bytes / MiB:0} MiB, and 1024 may be sent. The largest files are {string.Join(", ", largest.Select(file => string.Create(CultureInfo.InvariantCulture, $"{file.Name} ({file.Length / MiB:0} MiB)")))}. Keep data elsewhere."));

    public static LeatException Unreadable(string folder, Exception cause) =>
        new("LEAT0211", $"The program can't be sent to other machines, as a file in its folder '{folder}' can't be read: {cause.Message}", cause);

    public static ArgumentException BadHost(string text) =>
        new(Text("LEAT0212", $"'{text}' is no host. Write host, user@host, host:port or [address]:port."), nameof(text));

    public static ArgumentException NoWorkerWord(string command) =>
        new(Text("LEAT0213", $"The command '{command}' does not say where the worker goes. Write {{worker}} as a word of its own, as in: docker run -i --rm image {{worker}}"), nameof(command));

    public static ArgumentException OpenQuote(string command) =>
        new(Text("LEAT0214", $"In the command '{command}' a quotation mark is not closed."), nameof(command));

    public static LeatException NoProgram(string host, string command, Exception cause) =>
        new("LEAT0215", $"The way to '{host}' can't be taken, because the program for it can't be started: {cause.Message}\nThe command was: {command}", cause);

    public static ArgumentException NotCombinable(string reason) =>
        new(Text("LEAT0216", $"The pools can't be combined: {reason}."));

    public static InvalidOperationException IsPart() =>
        new(Text("LEAT0217", "The pool has become part of another one, by Pool.Combine, and can't be used by itself. Use the combination."));

    public static ArgumentOutOfRangeException OutOfRange(string option, object value, string range) =>
        new(option, value, Text("LEAT0218", $"RemotePoolOptions.{option} must be {range}."));

    public static LeatException Changed(string path) =>
        new("LEAT0219", $"The program can't be sent to other machines: its file '{path}' has changed since the program started. Start the program again.");

    public static MachineLostException MachineLost(string host, string fault, bool hasStarted = false) =>
        new("LEAT0250", $"The host '{host}' was lost, and what ran on it goes elsewhere. {fault}") { HasStarted = hasStarted };

    private static string Quote(string command, string errors) =>
        $"{(errors.Length == 0 ? " It said nothing." : $" It said:\n{errors}")}\nThe command was: {command}";

    private static string Text(string code, string message) => $"{code}: {message}";

    private static string Said(string output) => output.Length == 0 ? "" : $" It wrote:\n{output}";

    private static string Join(IEnumerable<string> there) => string.Join(", ", there) is { Length: > 0 } text ? text : "no runtimes";
}
