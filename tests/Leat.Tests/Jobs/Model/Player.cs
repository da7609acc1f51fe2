using System.Globalization;

namespace Leat.Tests.Jobs.Model;

/// <summary>Plays a program: edits, runs, and compares what was done with what the oracle says.</summary>
internal sealed class Player : IDisposable
{
    private static readonly string? Fast = Directory.Exists("/dev/shm") ? "/dev/shm" : null;

    private readonly DirectoryInfo folder = Fast is null ? Directory.CreateTempSubdirectory("leat-model-") : Directory.CreateDirectory(Path.Combine(Fast, $"leat-model-{Guid.CreateVersion7()}"));
    private readonly World world;
    private readonly Memory memory = new();
    private readonly Surroundings surroundings;
    private (int Version, Definer Definer, JobGraph Graph)? last;
    private bool isOpen;

    private Player(ModelProgram program)
    {
        world = new World(folder.FullName, program.Jobs);
        surroundings = Surroundings.Of(folder.FullName);
    }

    /// <summary>How many runs there were, and how many jobs ran in them.</summary>
    public static (long Runs, long Jobs) Played { get; private set; }

    /// <summary>What is wrong with how the program was run; null if nothing is.</summary>
    public static async Task<string?> FaultOfAsync(ModelProgram program)
    {
        using var player = new Player(program);
        for (int i = 0; i < program.Steps.Length; i++)
        {
            try
            {
                // What comes then can't be told by anybody.
                if (player.isOpen) return null;
                if (await player.FaultOfAsync(program.Steps[i]) is { } fault) return string.Create(CultureInfo.InvariantCulture, $"run {i + 1}: {fault}");
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                return string.Create(CultureInfo.InvariantCulture, $"run {i + 1}: {error}");
            }
        }

        return null;
    }

    public void Dispose()
    {
        world.SetVariables(isOver: true);
        Surroundings.Forget(folder.FullName);
        folder.Delete(recursive: true);
    }

    private async Task<string?> FaultOfAsync(Step step)
    {
        foreach (Edit edit in step.Edits) world.Apply(edit, path => memory.Jobs.Values.Select(each => each.Files.GetValueOrDefault(path)).FirstOrDefault(each => each is not null));
        RunSpec run = Adapted(step.Run);
        Expectation expected = Expect(run);
        if (run.Failing.Any(expected.Vague.Contains)) expected = Expect(run = run with { Failing = run.Failing.RemoveAll(expected.Vague.Contains) });
        if (expected.IsOpen)
        {
            isOpen = true;
            return null;
        }

        Prepare(run);
        (Definer definer, JobGraph graph) = GraphFor(run);
        var actual = await ModelRun.PlayAsync(graph, definer, run, surroundings);
        surroundings.Close();
        string? fault = actual.FaultOf(expected, surroundings) ?? (expected.IsRefused || actual.IsCut ? null : FaultOfResult(run, expected));
        Remember(expected, actual);
        world.Restore();
        Played = (Played.Runs + 1, Played.Jobs + actual.Ran.Count);
        return fault;
    }

    // What does not apply any more is left out.
    private RunSpec Adapted(RunSpec run)
    {
        RunSpec adapted = run with { Targets = [.. run.Targets.Where(each => world.Jobs.Any(spec => spec.Number == each && spec is { IsAway: false, IsInvariant: false, Kind: not JobKind.Load }))] };
        // Whether a parameter was looked at that only an injector's jobs need can't be told of a run that was stopped.
        bool isUncertain = world.Jobs.Any(each => each.Kind == JobKind.Inject) && world.Jobs.Any(each => each is { Kind: JobKind.Parameter, IsSpecial: true });
        return isUncertain ? adapted with { StopsAt = -1 } : adapted;
    }

    private Expectation Expect(RunSpec run) => new Oracle(folder.FullName, world.Jobs, memory, run).Expect();

    private void Prepare(RunSpec run)
    {
        world.SetVariables();
        surroundings.Open(run.Failing);
        foreach (JobSpec spec in world.Jobs.Where(each => each.Kind == JobKind.Command))
        {
            if (run.Failing.Contains(spec.Id)) File.WriteAllText(world[$"failing {spec.Name}"], "");
            else File.Delete(world[$"failing {spec.Name}"]);
        }
    }

    private (Definer Definer, JobGraph Graph) GraphFor(RunSpec run)
    {
        if (run.IsSameGraph && last is { } known && known.Version == world.Version) return (known.Definer, known.Graph);
        var definer = new Definer(folder.FullName, world.Jobs);
        JobGraph graph = definer.Define();
        last = (world.Version, definer, graph);
        return (definer, graph);
    }

    private string? FaultOfResult(RunSpec run, Expectation expected)
    {
        foreach ((string path, (byte[] bytes, bool mustExist)) in expected.Files)
        {
            if (!File.Exists(path))
            {
                if (mustExist) return $"'{path}' is not there";
                continue;
            }

            byte[] found = File.ReadAllBytes(path);
            if (!found.AsSpan().SequenceEqual(bytes)) return $"'{path}' holds '{System.Text.Encoding.UTF8.GetString(found)}', and not '{System.Text.Encoding.UTF8.GetString(bytes)}'";
        }

        if (expected.Gone.FirstOrDefault(File.Exists) is { } left) return $"'{left}' is there, and nobody needs it";
        if (expected.Kept.FirstOrDefault(each => !File.Exists(each)) is { } removed) return $"'{removed}' is not there, and is still needed";
        if (Directory.Exists(world[".leat/tmp"]) && Directory.EnumerateFileSystemEntries(world[".leat/tmp"]).FirstOrDefault() is { } leftover) return $"'{leftover}' was left over";
        bool isWhole = expected.Failed.Count == 0 && !memory.HasDiffered && !expected.Seen.Values.Any(each => each.Differs) && !world.Jobs.Any(each => each.IgnoresCode);
        if (isWhole && surroundings.Holders.Any(each => each.Value is not null)) return "a value that was loaded into a property was not cleared";
        return isWhole ? FaultOfTexts(run, expected) : null;
    }

    // Everything is as if it had been made from nothing.
    private string? FaultOfTexts(RunSpec run, Expectation expected)
    {
        Expectation anew = new Oracle(folder.FullName, world.Jobs, new Memory(), run with { Failing = [] }).Expect();
        foreach ((string id, string[] texts) in expected.Texts)
        {
            if (!anew.Texts.TryGetValue(id, out string[]? other) || !texts.SequenceEqual(other)) return $"'{id}' counts as '{string.Join(' ', texts)}', and not as '{string.Join(' ', other ?? [])}'";
        }

        return null;
    }

    private void Remember(Expectation expected, ModelRun actual)
    {
        if (expected.IsRefused) return;
        foreach (string id in actual.Ran)
        {
            if (!expected.Seen.TryGetValue(id, out Seen? seen)) continue;
            memory.Jobs[id] = seen;
            memory.HasDiffered |= seen.Differs;
        }

        foreach ((string id, int value) in expected.Parameters) memory.Parameters[id] = value;
    }
}
