namespace Leat.Tests.Jobs.Execution;

/// <summary>Where actions in other processes wait for each other: a folder, with a file for each that has come.</summary>
internal static class Meeting
{
    /// <summary>Comes, and waits until as many have come.</summary>
    public static void Of(string folder, int count)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, Guid.NewGuid().ToString("N")), "");
        while (Count(folder) < count) Thread.Sleep(2);
    }

    /// <summary>How many have come.</summary>
    public static int Count(string folder) => Directory.Exists(folder) ? Directory.GetFiles(folder).Length : 0;
}
