namespace Leat.Jobs;

/// <summary>What travels at once: small files together, large ones in parts.</summary>
/// <param name="Files">The files: whole ones, or a part of one.</param>
/// <param name="Offset">Where the part begins; 0 for whole ones.</param>
/// <param name="Count">How many bytes that are.</param>
internal readonly record struct FilePart(HostFile[] Files, long Offset, int Count)
{
    private const int Largest = 1 << 20;
    private const int MostFiles = 1000;

    /// <summary>Divides files up.</summary>
    public static IEnumerable<FilePart> Of(IEnumerable<HostFile> files)
    {
        List<HostFile> together = [];
        int count = 0;
        foreach (HostFile file in files)
        {
            if (together.Count > 0 && (count + file.Length > Largest || together.Count == MostFiles))
            {
                yield return new FilePart([.. together], 0, count);
                together.Clear();
                count = 0;
            }

            if (file.Length <= Largest)
            {
                together.Add(file);
                count += (int)file.Length;
                continue;
            }

            for (long at = 0; at < file.Length; at += Largest) yield return new FilePart([file], at, (int)Math.Min(Largest, file.Length - at));
        }

        if (together.Count > 0) yield return new FilePart([.. together], 0, count);
    }
}
