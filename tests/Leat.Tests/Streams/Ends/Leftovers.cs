namespace Leat.Tests.Streams.Ends;

/// <summary>
/// What runs might leave behind in the process: threads of the engine's, and timers. Threads are told by their names,
/// which Linux keeps for each; elsewhere only timers are counted.
/// </summary>
internal sealed class Leftovers
{
    private static readonly string[] EngineThreads = ["leat worker", "leat pulse"];

    private readonly int threads = Threads;
    private readonly long timers = Timer.ActiveCount;

    public static int Threads => OperatingSystem.IsLinux() ? Directory.EnumerateDirectories("/proc/self/task").Count(IsOfTheEngine) : 0;

    /// <summary>Waits until no more threads and timers are alive than before; they end a moment behind their run.</summary>
    public Task NoneAsync() => Eventually.TrueAsync(
        () => Threads <= threads && Timer.ActiveCount <= timers,
        () => $"{Threads} threads of the engine's are alive instead of {threads}, and {Timer.ActiveCount} timers instead of {timers}.");

    private static bool IsOfTheEngine(string thread)
    {
        try
        {
            return EngineThreads.Contains(File.ReadAllText(Path.Combine(thread, "comm")).Trim());
        }
        catch (IOException)
        {
            // It has ended since it was listed.
            return false;
        }
    }
}
