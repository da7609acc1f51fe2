using System.Globalization;

namespace Leat.Pools;

/// <summary>A job in Slurm's queue.</summary>
/// <param name="State">Its state: <c>PENDING</c>, <c>RUNNING</c>, ...</param>
/// <param name="Reason">Why it waits.</param>
/// <param name="Left">How long it may still run; null for as long as it likes.</param>
internal readonly record struct QueuedJob(string State, string Reason, TimeSpan? Left)
{
    private const int Fields = 5;

    /// <summary>Asks for jobs by their names, all at once; null when there is no answer.</summary>
    public static async Task<Dictionary<string, QueuedJob>?> AskAsync(IEnumerable<string> names, CancellationToken cancellationToken) =>
        await SlurmCommand.RunAsync("squeue", ["--noheader", "--states=all", $"--user={Environment.UserName}", $"--name={string.Join(',', names)}", "--format=%j|%T|%L|%e|%r"], cancellationToken).ConfigureAwait(false) is { } text
            ? Read(text)
            : null;

    /// <summary>Reads the answer.</summary>
    public static Dictionary<string, QueuedJob> Read(string text)
    {
        Dictionary<string, QueuedJob> jobs = [];
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = line.Trim().Split('|', Fields);
            if (parts is [var name, var state, var left, var end, var reason]) jobs[name] = new QueuedJob(state, reason, Earlier(ReadTime(left), ReadEnd(end)));
        }

        return jobs;
    }

    // An administrator can set the end apart from the limit.
    private static TimeSpan? Earlier(TimeSpan? one, TimeSpan? other) => one is null || other < one ? other : one;

    private static TimeSpan? ReadEnd(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long end) ? DateTimeOffset.FromUnixTimeSeconds(end) - TimeProvider.System.GetUtcNow() : null;

    /// <summary>Reads a time as Slurm writes it: <c>2-03:00:00</c>, <c>3:00:00</c>, <c>12:30</c>; null for what is none, such as <c>UNLIMITED</c>.</summary>
    public static TimeSpan? ReadTime(string text)
    {
        int dash = text.IndexOf('-', StringComparison.Ordinal);
        string[] parts = text[(dash + 1)..].Split(':');
        long seconds = 0;
        foreach (string part in parts)
        {
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int number)) return null;
            seconds = (seconds * 60) + number;
        }

        const int secondsOfDay = 86_400;
        return dash < 0 ? TimeSpan.FromSeconds(seconds)
            : int.TryParse(text.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out int days) && parts.Length == 3 ? TimeSpan.FromSeconds(seconds + ((long)days * secondsOfDay))
            : null;
    }
}
