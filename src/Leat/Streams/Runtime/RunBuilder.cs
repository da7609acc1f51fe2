using System.Globalization;
using System.Runtime.InteropServices;

namespace Leat.Streams;

/// <summary>
/// Makes a run out of declared pipes: one node a pipe, however often it is used, with a tee behind those that are
/// used more than once.
/// </summary>
internal sealed class RunBuilder
{
    private readonly Dictionary<Pipe, List<Pipe?>> consumers = [];
    private readonly Dictionary<Pipe, Queue<Link>> links = [];
    private readonly Dictionary<Pipe, Node> producers = [];
    private readonly Dictionary<string, int> names = [];

    private RunBuilder(Run run) => Run = run;

    public Run Run { get; }

    /// <summary>Builds the run of pipes that end in sinks.</summary>
    public static void Build(Run run, IReadOnlyList<Pipe> ends)
    {
        var builder = new RunBuilder(run);
        builder.BuildAll(ends);
    }

    /// <summary>Builds the run of one pipe whose items the caller takes.</summary>
    public static Link<T> Build<T>(Run run, Pipe<T> end)
    {
        var builder = new RunBuilder(run);
        builder.consumers.Add(end, [null]);
        builder.BuildAll([end]);
        return builder.TakeLink(end);
    }

    /// <summary>The declared pipes behind some ends, inputs before their users, each once.</summary>
    public static List<Pipe> InOrder(IEnumerable<Pipe> ends)
    {
        List<Pipe> order = [];
        HashSet<Pipe> seen = [];
        var open = new Stack<(Pipe Pipe, int NextInput)>();
        foreach (Pipe end in ends)
        {
            if (seen.Add(end))
            {
                open.Push((end, 0));
            }

            // No recursion: a pipe may be a hundred thousand stages long.
            while (open.TryPop(out (Pipe Pipe, int NextInput) at))
            {
                if (at.NextInput == at.Pipe.Inputs.Count)
                {
                    order.Add(at.Pipe);
                    continue;
                }

                open.Push((at.Pipe, at.NextInput + 1));
                Pipe input = at.Pipe.Inputs[at.NextInput];
                if (seen.Add(input))
                {
                    open.Push((input, 0));
                }
            }
        }

        return order;
    }

    /// <summary>The name of a pipe's node: the pipe's own, numbered when another node of the run has it.</summary>
    public string NameOf(Pipe pipe)
    {
        ref int used = ref CollectionsMarshal.GetValueRefOrAddDefault(names, pipe.Name, out _);
        used++;
        return used == 1 ? pipe.Name : string.Create(CultureInfo.InvariantCulture, $"{pipe.Name} #{used}");
    }

    /// <summary>The link from which one user of a pipe takes its items.</summary>
    public Link<T> TakeLink<T>(Pipe<T> pipe) => (Link<T>)links[pipe].Dequeue();

    /// <summary>Adds the node of a pipe that ends in a sink.</summary>
    public void Add(Pipe pipe, Node node)
    {
        Run.Add(node);
        foreach (Pipe input in pipe.Inputs)
        {
            producers[input].Consumers.Add(node);
        }
    }

    /// <summary>Adds the node of a pipe, and a tee behind it when the pipe has several users.</summary>
    public void Add<T>(Pipe<T> pipe, Node node, Link<T> output)
    {
        Add(pipe, node);
        Run.Add(output);
        producers.Add(pipe, node);
        List<Pipe?> users = consumers[pipe];
        var taken = new Queue<Link>();
        links.Add(pipe, taken);
        if (users.Count == 1)
        {
            taken.Enqueue(output);
            return;
        }

        var tee = new TeeNode<T>(Run, node.Name, output, pipe.Capacity, users.Count, MeetAgain(pipe, users));
        Run.Add(tee);
        node.Consumers.Add(tee);
        producers[pipe] = tee;
        foreach (Link<T> branch in tee.Branches)
        {
            Run.Add(branch);
            taken.Enqueue(branch);
        }
    }

    private void BuildAll(IReadOnlyList<Pipe> ends)
    {
        List<Pipe> order = InOrder(ends);
        foreach (Pipe pipe in order)
        {
            foreach (Pipe input in pipe.Inputs)
            {
                UsersOf(input).Add(pipe);
            }
        }

        foreach (Pipe pipe in order)
        {
            pipe.Build(this);
        }
    }

    private List<Pipe?> UsersOf(Pipe pipe)
    {
        ref List<Pipe?>? users = ref CollectionsMarshal.GetValueRefOrAddDefault(consumers, pipe, out _);
        return users ??= [];
    }

    // True when two users are connected by other ways than this pipe, whatever their direction: one may then have to
    // wait, perhaps by way of other tees and joints, for what the other one holds up.
    private bool MeetAgain(Pipe tee, List<Pipe?> users)
    {
        HashSet<Pipe> reached = [];
        foreach (Pipe user in users.OfType<Pipe>())
        {
            HashSet<Pipe> own = [];
            var open = new Stack<Pipe>([user]);
            while (open.TryPop(out Pipe? pipe))
            {
                if (reached.Contains(pipe))
                {
                    return true;
                }

                if (pipe != tee && own.Add(pipe))
                {
                    foreach (Pipe neighbour in pipe.Inputs.Concat(consumers.GetValueOrDefault(pipe, []).OfType<Pipe>()))
                    {
                        open.Push(neighbour);
                    }
                }
            }

            reached.UnionWith(own);
        }

        return false;
    }
}
