using System.Globalization;

namespace Leat.Pools;

/// <summary>A process of this machine.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Parent">The process that has started it, or has inherited it.</param>
/// <param name="Group">The group to which it belongs.</param>
/// <param name="Memory">How much of its memory is in the machine's, in bytes, also where it shares that with others.</param>
internal readonly record struct ProcessEntry(int Id, int Parent, int Group, long Memory);

/// <summary>The processes of this machine, as they were at one moment. Only Linux tells; elsewhere there are none.</summary>
internal sealed class ProcessTable
{
    private readonly List<ProcessEntry> entries = [];

    /// <summary>Takes a look.</summary>
    public static ProcessTable Read()
    {
        var table = new ProcessTable();
        if (!OperatingSystem.IsLinux()) return table;
        byte[] buffer = new byte[1024];
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(folder.AsSpan("/proc/".Length), NumberStyles.None, CultureInfo.InvariantCulture, out int id) && TryRead(folder, id, buffer, out ProcessEntry entry)) table.entries.Add(entry);
        }

        return table;
    }

    /// <summary>A process, all that it has started, and all that these have, also where those between have ended but have left their group.</summary>
    public List<ProcessEntry> TreeOf(int root)
    {
        HashSet<int> known = [root];
        List<ProcessEntry> tree = entries.FindAll(entry => entry.Id == root || entry.Group == root);
        known.UnionWith(tree.Select(entry => entry.Id));
        bool isMore = true;
        while (isMore)
        {
            isMore = false;
            foreach (ProcessEntry entry in entries)
            {
                if (!known.Contains(entry.Parent) || !known.Add(entry.Id)) continue;
                tree.Add(entry);
                isMore = true;
            }
        }

        return tree;
    }

    /// <summary>The memory of a process and all that it has started: at first as each has it, then, if that is too much, with what they share counted once.</summary>
    /// <param name="root">The process.</param>
    /// <param name="allowed">How much it may be.</param>
    public long MemoryOf(int root, long allowed)
    {
        List<ProcessEntry> tree = TreeOf(root);
        long sum = tree.Sum(entry => entry.Memory);
        return sum <= allowed || tree.Count < 2 ? sum : tree.Sum(entry => ShareOf(entry.Id) ?? entry.Memory);
    }

    // man 5 proc: the name in brackets may hold anything, and behind it come the state, the parent, the group …, and as the 24th the resident pages.
    private static bool TryRead(string folder, int id, byte[] buffer, out ProcessEntry entry)
    {
        const int residentPages = 24 - 3;
        entry = default;
        try
        {
            using Microsoft.Win32.SafeHandles.SafeFileHandle file = File.OpenHandle($"{folder}/stat");
            string text = System.Text.Encoding.ASCII.GetString(buffer, 0, RandomAccess.Read(file, buffer, 0));
            string[] fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            entry = new ProcessEntry(
                id, int.Parse(fields[1], CultureInfo.InvariantCulture), int.Parse(fields[2], CultureInfo.InvariantCulture), long.Parse(fields[residentPages], CultureInfo.InvariantCulture) * Environment.SystemPageSize);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or FormatException or ArgumentOutOfRangeException or IndexOutOfRangeException)
        {
            // It has ended, or is nobody's whom we may look at.
            return false;
        }
    }

    // "Pss:  1234 kB": each page divided by the number of those that have it.
    private static long? ShareOf(int id)
    {
        try
        {
            string? line = File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/smaps_rollup")).FirstOrDefault(each => each.StartsWith("Pss:", StringComparison.Ordinal));
            return line is null ? null : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or FormatException)
        {
            return null;
        }
    }
}
