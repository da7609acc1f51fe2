using System.Collections.Concurrent;
using System.Globalization;

namespace Leat.Tests.Jobs.Model;

/// <summary>
/// What the actions of one model find around them without having captured it: who is to fail, the values of what can't be captured, and where they tell
/// that they were called.
/// </summary>
internal sealed class Surroundings
{
    private static readonly ConcurrentDictionary<string, Surroundings> All = new(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<string, Holder> holders = new(StringComparer.Ordinal);

    /// <summary>The ids of the jobs that are to fail in this run.</summary>
    public HashSet<string> Failing { get; } = new(StringComparer.Ordinal);

    /// <summary>The ids of the jobs whose actions were called in this run.</summary>
    public ConcurrentQueue<string> Called { get; } = new();

    /// <summary>The texts of parameters, functions and variables, by the ids of their jobs.</summary>
    public ConcurrentDictionary<string, string> Texts { get; } = new(StringComparer.Ordinal);

    /// <summary>What injectors have added, by the id of the job that got it and the number of the injector.</summary>
    public ConcurrentDictionary<(string Job, int Injector), IJobInput[]> Injected { get; } = new();

    // In which run an action was to be called: one of a run that was cancelled may come late, when the next one goes on.
    private static readonly AsyncLocal<object?> Run = new();

    private object? current;

    // How many actions are running, also those for which nobody waits.
    private int running;

    public IEnumerable<Holder> Holders => holders.Values;

    public static Surroundings Of(string folder) => All.GetOrAdd(folder, _ => new Surroundings());

    public static void Forget(string folder) => All.TryRemove(folder, out _);

    /// <summary>A run begins.</summary>
    public void Open(IEnumerable<string> failing)
    {
        Failing.Clear();
        Failing.UnionWith(failing);
        Called.Clear();
        Injected.Clear();
        // What a run loads of which somebody failed who needs it may stay.
        foreach (Holder holder in Holders) holder.Value = null;
        Run.Value = current = new object();
    }

    /// <summary>The run is over: actions for which nobody waits any more end by themselves, or do nothing.</summary>
    public void Close()
    {
        Volatile.Write(ref current, null);
        if (!SpinWait.SpinUntil(() => Volatile.Read(ref running) == 0, TimeSpan.FromSeconds(30))) throw new TimeoutException("Actions run on behind the end of their run.");
    }

    /// <summary>An action is called.</summary>
    public void Begin(string job)
    {
        Interlocked.Increment(ref running);
        if (Run.Value is { } mine && mine == Volatile.Read(ref current))
        {
            Called.Enqueue(job);
            return;
        }

        End();
        throw new OperationCanceledException();
    }

    public void End() => Interlocked.Decrement(ref running);

    public Holder HolderOf(string id) => holders.GetOrAdd(id, _ => new Holder());

    /// <summary>Of what a generator or an injector makes, whether it makes it this time.</summary>
    public static bool IsMade(string[] texts, int child) =>
        ((int.Parse(Behaviour.Mix("children", texts, 0, 'a').AsSpan(0, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) >> child) & 1) == 0;
}

/// <summary>Something with a property into which a value is loaded.</summary>
internal sealed class Holder
{
    public string? Value { get; set; }
}

/// <summary>A row of the data of a plot.</summary>
internal sealed record Row(string Text, int Length);
