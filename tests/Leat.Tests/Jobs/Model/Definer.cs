using System.Globalization;

namespace Leat.Tests.Jobs.Model;

/// <summary>Defines a graph from the jobs of a model.</summary>
internal sealed class Definer(string folder, IReadOnlyList<JobSpec> specs)
{
    private readonly Surroundings surroundings = Surroundings.Of(folder);
    private readonly Dictionary<int, Job> made = [];
    private readonly Dictionary<int, JobSpec> byNumber = specs.Where(each => !each.IsAway).ToDictionary(each => each.Number);

    /// <summary>The job of a number.</summary>
    public Job this[int number] => made[number];

    public bool Has(int number) => byNumber.ContainsKey(number);

    public JobGraph Define()
    {
        var graph = new JobGraph(new JobGraphOptions { Folder = folder });
        foreach (JobSpec spec in byNumber.Values.OrderBy(each => each.Number)) Add(graph, spec, made, byNumber);
        return graph;
    }

    private void Add(JobGraph graph, JobSpec spec, Dictionary<int, Job> jobs, Dictionary<int, JobSpec> known)
    {
        InputSpec[] inputs = [.. Reading.Present(spec, known)];
        Job job = spec.Kind switch
        {
            JobKind.Command => AddCommand(graph, spec, inputs, jobs),
            JobKind.Plot => AddPlot(graph, spec, inputs, jobs, known),
            JobKind.Generate or JobKind.Inject => AddMaker(graph, spec, GivenOf(spec, spec.Id, inputs, jobs, known), known),
            >= JobKind.Parameter => AddInvariant(graph, spec),
            _ => AddAction(graph, spec, GivenOf(spec, spec.Id, inputs, jobs, known)),
        };
        jobs.Add(spec.Number, job);
        if (spec.IgnoresCode && spec.Kind is not (JobKind.Generate or JobKind.Inject) && !spec.IsInvariant) job.IgnoreCodeChanges();
        foreach (InputSpec input in inputs)
        {
            if (input.IsOfDrawing && job is PlotJob<Row[]> plot) plot.DrawingDependsOn(Resolve(input, jobs));
            else job.DependsOn(Resolve(input, jobs));
        }
    }

    private static Job AddAction(JobGraph graph, JobSpec spec, Given given)
    {
        JobOptions options = OptionsOf(spec);
        string place = spec.MakesFiles ? Path.Combine(given.Folder, spec.PathOf('a')) : "";
        (string, string)[] files = [.. spec.Files.Select(letter => ($"{letter}", spec.PathOf(letter)))];
        return spec.Kind switch
        {
            JobKind.File when spec.IsInPlace => graph.File(spec.PathOf('a'), Actions.InPlace(spec.Code, given, place), options),
            JobKind.File => graph.File(spec.PathOf('a'), Actions.OfPath(spec.Code, given), options),
            JobKind.TempFile when spec.IsInPlace => graph.TempFile(spec.PathOf('a'), Actions.InPlace(spec.Code, given, place), options),
            JobKind.TempFile => graph.TempFile(spec.PathOf('a'), Actions.OfPath(spec.Code, given), options),
            JobKind.Files when spec.IsInPlace => graph.Files(spec.Id, files, Actions.AllInPlace(spec.Code, given, [.. spec.Files], [.. spec.Files.Select(each => Path.Combine(given.Folder, spec.PathOf(each)))]), options),
            JobKind.Files => graph.Files(spec.Id, files, Actions.OfPaths(spec.Code, given), options),
            JobKind.TempFiles => graph.TempFiles(spec.Id, files, Actions.OfPaths(spec.Code, given), options),
            JobKind.Cached => graph.Cached(spec.Id, Actions.Value(spec.Code, given), options),
            JobKind.Load when spec.IsSpecial => AddAttribute(graph, spec, given, options),
            JobKind.Load => graph.Load(spec.Id, Actions.Value(spec.Code, given), options),
            JobKind.Final => graph.Final(spec.Id, Actions.Silent(spec.Code, given), options),
            _ => throw new InvalidOperationException($"{spec.Kind}"),
        };
    }

    private static AttributeJob AddAttribute(JobGraph graph, JobSpec spec, Given given, JobOptions options)
    {
        Holder holder = Surroundings.Of(given.Folder).HolderOf(spec.Id);
        return graph.Load(() => holder.Value, Actions.Value(spec.Code, given)!, spec.Id, options);
    }

    private CommandJob AddCommand(JobGraph graph, JobSpec spec, InputSpec[] inputs, Dictionary<int, Job> jobs)
    {
        IJobInput[] files = [.. inputs.Where(each => Reading.IsForCommand(byNumber[each.Number])).Select(each => Resolve(each, jobs))];
        string script = $"w=$1; o=$2; shift 2; test ! -e 'failing {spec.Name}' || exit 3; {{ printf %s \"$w\"; test $# = 0 || cat \"$@\"; }} > \"$o\"";
        string word = Reading.WordOf(spec);
        return graph.Command(spec.PathOf('a'), path => new CommandLine("/bin/sh", ["-c", script, "sh", word, path, .. files]), options: OptionsOf(spec));
    }

    private PlotJob<Row[]> AddPlot(JobGraph graph, JobSpec spec, InputSpec[] inputs, Dictionary<int, Job> jobs, Dictionary<int, JobSpec> known)
    {
        Given data = GivenOf(spec, $"{spec.Id} (data)", [.. inputs.Where(each => !each.IsOfDrawing)], jobs, known);
        Given drawing = GivenOf(spec, spec.Id, [.. inputs.Where(each => each.IsOfDrawing)], jobs, known);
        return graph.Plot(spec.PathOf('a'), Actions.Rows(spec.Code, data), Actions.Draw(spec.Drawing, drawing), spec.IsSpecial ? spec.PathOf('t') : null, OptionsOf(spec));
    }

    private Job AddMaker(JobGraph graph, JobSpec spec, Given given, Dictionary<int, JobSpec> known)
    {
        if (spec.Kind == JobKind.Generate)
        {
            Action<JobGraph> make = made => MakeChildren(made, spec, given, known);
            return spec.Code % 2 == 0 ? graph.Generate(spec.Id, made => make(made)) : graph.Generate(spec.Id, made =>
            {
                make(made);
                GC.KeepAlive(make);
            });
        }

        Action<Injection> inject = injection =>
        {
            Dictionary<int, Job> all = MakeChildren(graph, spec, given, known);
            List<IJobInput> added = [.. Reading.Injected(spec, known).Select(each => Resolve(each, made)), .. all.Where(each => !made.ContainsKey(each.Key)).OrderBy(each => each.Key).Select(each => each.Value)];
            foreach (Job dependant in injection.Dependants) surroundings.Injected[(dependant.Id.Text, spec.Number)] = [.. added];
            injection.Add([.. added]);
        };
        return spec.Code % 2 == 0 ? graph.Inject(spec.Id, injection => inject(injection)) : graph.Inject(spec.Id, injection =>
        {
            inject(injection);
            GC.KeepAlive(inject);
        });
    }

    private Dictionary<int, Job> MakeChildren(JobGraph graph, JobSpec spec, Given given, Dictionary<int, JobSpec> known)
    {
        using Ending ending = given.Begin();
        string[] texts = given.Texts();
        given.FailIfTold();
        Dictionary<int, Job> jobs = new(made);
        Dictionary<int, JobSpec> there = new(known);
        for (int i = 0; i < spec.Children.Length; i++)
        {
            if (!Surroundings.IsMade(texts, i)) continue;
            there.Add(spec.Children[i].Number, spec.Children[i]);
            Add(graph, spec.Children[i], jobs, there);
        }

        return jobs;
    }

    private Job AddInvariant(JobGraph graph, JobSpec spec)
    {
        surroundings.Texts[spec.Id] = Reading.TextOf(spec);
        return spec.Kind switch
        {
            JobKind.Parameter => graph.Parameter(spec.Id, spec.Captured, spec.IsSpecial ? static (last, now) => last / 10 == now / 10 : null),
            JobKind.InputFile => graph.InputFile(spec.PathOf('a')),
            JobKind.InputFiles => graph.InputFiles(spec.Id, spec.Files.Select(spec.PathOf)),
            JobKind.InputFolder => graph.InputFolder($"folder {spec.Name}"),
            JobKind.Function => graph.Function(spec.Id, Actions.Function(spec.Code, spec.Captured)),
            JobKind.Environment when spec.IsSpecial => graph.ToolVersion(spec.Id, new CommandLine("/bin/echo", Reading.TextOf(spec))),
            JobKind.Environment => graph.Environment(spec.Variable),
            _ => throw new InvalidOperationException($"{spec.Kind}"),
        };
    }

    private Given GivenOf(JobSpec spec, string self, InputSpec[] inputs, Dictionary<int, Job> jobs, Dictionary<int, JobSpec> known) => new(
        folder,
        self,
        spec.Captured,
        [.. inputs.Where(each => Reading.IsCapturable(known[each.Number])).Select(each => Resolve(each, jobs))],
        [.. inputs.Select(each => known[each.Number]).Where(each => !Reading.IsCapturable(each) && !each.IsMaker && each.Kind != JobKind.Final).Select(each => each.Id)]);

    private static IJobInput Resolve(InputSpec input, Dictionary<int, Job> jobs) => jobs[input.Number] switch
    {
        FilesJob files when input.File is { } letter => files[letter.ToString(CultureInfo.InvariantCulture)],
        Job job => job,
    };

    private static JobOptions OptionsOf(JobSpec spec)
    {
        var options = new JobOptions { AllowEmpty = spec.AllowsEmpty };
        return (spec.Options % 5) switch
        {
            1 => options with { Retries = 1, RetryDelay = TimeSpan.Zero },
            2 => options with { Timeout = TimeSpan.FromMinutes(5) },
            3 => options with { KeepBroken = true },
            4 => options with { Resources = new Resources { WallTime = TimeSpan.FromHours(1) } },
            _ => options,
        };
    }
}
