using System.Globalization;
using Leat.Storage;

namespace Leat.Pools;

/// <summary>A process, told from a later one of the same number by its start. Linux tells; elsewhere there is none.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Start">When it started, in ticks since the system did.</param>
internal readonly record struct ProcessIdentity(int Id, long Start)
{
    private const int ParentField = 1;
    private const int StartField = 19;
    private const int MostAncestors = 1000;

    public static ProcessIdentity Current { get; } = new(Environment.ProcessId, Read(Environment.ProcessId)?.Start ?? 0);

    /// <summary>True until it has ended, however it did. One whose parent has not asked yet how it ended has ended.</summary>
    public bool IsAlive => Read(Id) is { } now && now.Start == Start;

    /// <summary>The numbers of this process, of the one that started it, of the one that started that…</summary>
    public static HashSet<int> CurrentAndAncestors()
    {
        HashSet<int> ids = [];
        int id = Environment.ProcessId;
        while (id > 1 && ids.Count < MostAncestors && ids.Add(id)) id = Read(id)?.Parent ?? 0;
        return ids;
    }

    private static (int Parent, long Start)? Read(int id)
    {
        try
        {
            string text = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/stat"));

            // The program's name comes in brackets before, and may have brackets and spaces itself.
            string[] fields = text[(text.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return fields[0] is "Z" or "X" ? null : ((int)Number(fields[ParentField]), Number(fields[StartField]));
        }
        catch (Exception error) when (FileTrouble.IsOne(error) || error is IndexOutOfRangeException or FormatException)
        {
            return null;
        }

        static long Number(string field) => long.Parse(field, CultureInfo.InvariantCulture);
    }
}
