using System.Globalization;

namespace Leat.Pools;

/// <summary>
/// The GPUs of this machine that this process may use. NVIDIA's driver has a device file for each; <c>CUDA_VISIBLE_DEVICES</c>, which
/// a cluster sets, names those that are meant.
/// </summary>
internal static class Gpus
{
    /// <summary>What tells programs which GPUs are theirs.</summary>
    public const string Variable = "CUDA_VISIBLE_DEVICES";

    private const string DeviceFile = "nvidia";

    /// <summary>The GPUs, as <see cref="Variable"/> names them: the GPU with index 0 first.</summary>
    public static IReadOnlyList<string> Names { get; } = Find(Environment.GetEnvironmentVariable(Variable), "/dev");

    /// <summary>How many there are.</summary>
    public static int Count => Names.Count;

    internal static IReadOnlyList<string> Find(string? visible, string devices)
    {
        // As CUDA reads it: what follows something that names no GPU does not count.
        if (visible is not null) return [.. visible.Split(',', StringSplitOptions.TrimEntries).TakeWhile(name => name.Length > 0 && name[0] != '-')];
        if (!Directory.Exists(devices)) return [];
        return
        [
            .. Directory.EnumerateFileSystemEntries(devices, $"{DeviceFile}*")
                .Select(path => Path.GetFileName(path)[DeviceFile.Length..])
                .Where(number => number.Length > 0 && number.All(char.IsAsciiDigit))
                .OrderBy(number => int.Parse(number, CultureInfo.InvariantCulture)),
        ];
    }
}
