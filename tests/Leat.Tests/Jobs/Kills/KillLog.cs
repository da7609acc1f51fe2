using System.Globalization;

namespace Leat.Tests.Jobs.Kills;

/// <summary>What the actions of one process of <see cref="KillProgram"/>, and of its workers, have logged.</summary>
internal sealed class KillLog
{
    private readonly List<(long Time, string What, string Job)> lines = [];

    /// <summary>The runs, by id, with their versions.</summary>
    public Dictionary<string, int> Runs { get; } = new(StringComparer.Ordinal);

    /// <summary>The jobs whose actions were called, each as often as it was.</summary>
    public IEnumerable<string> Started => lines.Where(each => each.What == "start").Select(each => each.Job);

    /// <summary>Reads and removes the logs of a graph's folder.</summary>
    public static KillLog Take(string folder)
    {
        var log = new KillLog();
        string logs = Path.Combine(folder, "log");
        if (!Directory.Exists(logs)) return log;
        foreach (string path in Directory.GetFiles(logs))
        {
            foreach (string line in File.ReadAllText(path).Split('\n'))
            {
                // The last line of one that was killed may be cut.
                if (line.Split(' ') is not [var time, var what, var job, var version]) continue;
                if (what == "run") log.Runs[job] = int.Parse(version, CultureInfo.InvariantCulture);
                else log.lines.Add((long.Parse(time, CultureInfo.InvariantCulture), what, job));
            }

            File.Delete(path);
        }

        log.lines.Sort((one, other) => one.Time.CompareTo(other.Time));
        return log;
    }

    /// <summary>The jobs that had ended before one began that depends on them.</summary>
    public IEnumerable<string> EndedAhead(Dictionary<string, string[]> dependants) => lines
        .Where(end => end.What == "end" && lines.Exists(start => start.What == "start" && start.Time > end.Time && dependants[end.Job].Contains(start.Job)))
        .Select(end => end.Job);
}
