using System.Globalization;

namespace Leat.Storage;

/// <summary>The text file beside the lock that says who has it. Its time is a sign of life.</summary>
/// <param name="Id">Tells two holds from each other.</param>
/// <param name="Boot">Tells two starts of a system from each other; empty where there is none.</param>
/// <param name="Holder">Who.</param>
internal sealed record HolderFile(string Id, string Boot, LedgerHolder Holder)
{
    private const string Words = "leat holder 1";
    private const string BootFile = "/proc/sys/kernel/random/boot_id";

    /// <summary>This start of this system.</summary>
    public static string ThisBoot { get; } = ReadBoot();

    /// <summary>What a file says; null if there is none, or none that can be read.</summary>
    public static HolderFile? TryRead(string path)
    {
        try
        {
            return SmallFile.TryRead(path) is { } bytes ? Parse(System.Text.Encoding.UTF8.GetString(bytes)) : null;
        }
        catch (Exception error) when (FileTrouble.IsOne(error))
        {
            return null;
        }
    }

    public static HolderFile? Parse(string text)
    {
        string[] lines = text.Split('\n');
        if (lines[0] != Words) return null;
        Dictionary<string, string> values = new(StringComparer.Ordinal);
        foreach (string line in lines.Skip(1))
        {
            if (line.Split(' ', 2) is [var name, var value]) values.TryAdd(name, value);
        }
        if (!int.TryParse(values.GetValueOrDefault("process"), NumberStyles.None, CultureInfo.InvariantCulture, out int process)) return null;
        _ = DateTimeOffset.TryParse(values.GetValueOrDefault("since"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset since);
        return new HolderFile(Of("id"), Of("boot"), new LedgerHolder(process, Of("machine"), Of("user"), since, Of("run"), Of("command")));

        string Of(string name) => values.GetValueOrDefault(name, "");
    }

    /// <summary>Whether the lock of this system would tell that this holder lives; else only the sign of life does.</summary>
    public bool IsOfThisMachine => Holder.Machine == Environment.MachineName || (Boot.Length > 0 && Boot == ThisBoot);

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"""
        {Words}
        id {Id}
        process {Holder.Process}
        machine {Line(Holder.Machine)}
        user {Line(Holder.User)}
        since {Holder.Since.UtcDateTime:O}
        boot {Boot}
        run {Line(Holder.Run)}
        command {Line(Holder.CommandLine)}

        """).ReplaceLineEndings("\n");

    private static string Line(string text) => string.Concat(text.Select(each => char.IsControl(each) ? ' ' : each));

    private static string ReadBoot()
    {
        try
        {
            return OperatingSystem.IsLinux() ? File.ReadAllText(BootFile).Trim() : "";
        }
        catch (Exception error) when (FileTrouble.IsOne(error))
        {
            return "";
        }
    }
}
