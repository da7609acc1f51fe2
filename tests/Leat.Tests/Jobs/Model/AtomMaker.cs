using System.Globalization;
using Leat.Encoding;

namespace Leat.Tests.Jobs.Model;

/// <summary>Makes atoms from the jobs of a model.</summary>
internal sealed class AtomMaker(string folder)
{
    private readonly Dictionary<int, Atom> main = [];
    private readonly Dictionary<int, JobSpec> specs = [];

    public List<Atom> All { get; } = [];

    public Atom? Find(int number) => main.GetValueOrDefault(number);

    public void Add(IEnumerable<JobSpec> jobs)
    {
        foreach (JobSpec spec in jobs.Where(each => !each.IsAway)) specs.Add(spec.Number, spec);
        foreach (JobSpec spec in specs.Values.OrderBy(each => each.Number)) Add(spec, null, main, specs);
    }

    /// <summary>What a maker makes when its inputs say these texts.</summary>
    public List<Atom> AddChildren(Atom maker, string[] texts)
    {
        Dictionary<int, Atom> atoms = new(main);
        Dictionary<int, JobSpec> known = new(specs);
        List<Atom> children = [];
        for (int i = 0; i < maker.Spec.Children.Length; i++)
        {
            JobSpec child = maker.Spec.Children[i];
            if (!Surroundings.IsMade(texts, i)) continue;
            known.Add(child.Number, child);
            children.Add(Add(child, maker, atoms, known));
        }

        return children;
    }

    /// <summary>What an injector adds besides what it makes.</summary>
    public IEnumerable<AtomInput> Injected(Atom injector) => Reading.Injected(injector.Spec, specs).Select(each => Resolve(each, main));

    private Atom Add(JobSpec spec, Atom? maker, Dictionary<int, Atom> atoms, Dictionary<int, JobSpec> known)
    {
        InputSpec[] inputs = [.. Reading.Present(spec, known)];
        Atom atom = spec.Kind == JobKind.Plot ? AddPlot(spec, inputs, atoms) : AddOne(spec, maker);
        foreach (InputSpec input in inputs.Where(each => spec.Kind != JobKind.Plot || each.IsOfDrawing)) atom.Inputs.Add(Resolve(input, atoms));
        return atoms[spec.Number] = Whole(atom);
    }

    // What it reads is a part of what an action has captured, and of the line of a command: by name and content the one, by path the other.
    private Atom Whole(Atom atom)
    {
        if (atom.IsMaker || atom.IsInvariant) return atom;
        IEnumerable<AtomInput> read = atom.Inputs.Where(each => atom.Reads(each.Atom));
        IEnumerable<string> names = atom.Kind == JobKind.Command ? read.SelectMany(PathsOf) : read.Select(each => each.IsMovable ? each.Atom.Spec.Name : each.Key);
        Atom whole = atom with { Code = $"{atom.Code} {string.Join(' ', names)}" };
        All[All.IndexOf(atom)] = whole;
        return whole;
    }

    private Atom AddOne(JobSpec spec, Atom? maker)
    {
        var atom = new Atom(spec.Id, spec.Kind, spec)
        {
            Maker = maker,
            Code = CodeOf(spec),
            Outputs = OutputsOf(spec),
            Encode = spec.Kind == JobKind.Cached ? text => BinaryEncoding.Encode(text) : System.Text.Encoding.UTF8.GetBytes,
            Make = spec.Kind == JobKind.Command ? texts => [Reading.WordOf(spec) + string.Concat(texts)] : MakeOf(spec),
            Reads = spec.Kind == JobKind.Command ? each => Reading.IsForCommand(each.Spec) && each.Kind != JobKind.Plot : each => !each.IsMaker && each.Kind != JobKind.Final,
        };
        All.Add(atom);
        return atom;
    }

    private Atom AddPlot(JobSpec spec, InputSpec[] inputs, Dictionary<int, Atom> atoms)
    {
        Func<string[], int, char, string> data = Behaviour.Of(spec.Code), draw = Behaviour.Of(spec.Drawing);
        var kept = new Atom($"{spec.Id} (data)", JobKind.Cached, spec)
        {
            Code = CodeOf(spec),
            Outputs = [($"{spec.Id} (data)", World.ValuePath(folder, $"{spec.Id} (data)"))],
            Make = texts => [data(texts, spec.Captured, 'a')],
            Encode = text => BinaryEncoding.Encode<Row[]>([new Row(text, text.Length)]),
        };
        foreach (InputSpec input in inputs.Where(each => !each.IsOfDrawing)) kept.Inputs.Add(Resolve(input, atoms));
        All.Add(kept);
        kept = Whole(kept);
        var plot = new Atom(spec.Id, JobKind.Plot, spec)
        {
            Code = Code(spec, spec.Drawing),
            Outputs = [(spec.Id, Path.Combine(folder, spec.PathOf('a')))],
            Make = texts => [draw(texts, spec.Captured, 'a')],
        };
        plot.Inputs.Add(new AtomInput(kept, -1));
        All.Add(plot);
        if (!spec.IsSpecial) return plot;
        string table = spec.PathOf('t');
        var written = new Atom(table, JobKind.File, spec)
        {
            Code = "table",
            IgnoresCode = false,
            Outputs = [(table, Path.Combine(folder, table))],
            Make = texts => [string.Create(CultureInfo.InvariantCulture, $"Text\tLength\n{texts[0]}\t{texts[0].Length}\n")],
        };
        written.Inputs.Add(new AtomInput(kept, -1));
        All.Add(written);
        return plot;
    }

    private (string, string)[] OutputsOf(JobSpec spec) => spec.Kind switch
    {
        JobKind.Files or JobKind.TempFiles => [.. spec.Files.Select(letter => ($"{letter}", Path.Combine(folder, spec.PathOf(letter))))],
        JobKind.Cached => [(spec.Id, World.ValuePath(folder, spec.Id))],
        _ => spec.MakesFiles ? [(spec.Id, Path.Combine(folder, spec.PathOf('a')))] : [],
    };

    private static Func<string[], string[]> MakeOf(JobSpec spec)
    {
        Func<string[], int, char, string> body = Behaviour.Of(spec.Code);
        return texts => [.. spec.Files.Select(letter => body(texts, spec.Captured, letter))];
    }

    private static string CodeOf(JobSpec spec) => spec.Kind switch
    {
        JobKind.Generate or JobKind.Inject => $"{spec.Code % 2}",
        JobKind.Command => Reading.WordOf(spec),
        // The path in place, a function of paths, and one of a path are different codes, but no job goes from one to another.
        _ => Code(spec, spec.Code),
    };

    private static string Code(JobSpec spec, int code) => string.Create(CultureInfo.InvariantCulture, $"{code} {spec.Captured}");

    private static IEnumerable<string> PathsOf(AtomInput input) => input.Atom.Kind is JobKind.InputFile or JobKind.InputFiles
        ? input.Atom.Spec.Files.Select(input.Atom.Spec.PathOf)
        : input.Output < 0 ? input.Atom.Outputs.Select(each => each.Path) : [input.Atom.Outputs[input.Output].Path];

    private static AtomInput Resolve(InputSpec input, Dictionary<int, Atom> atoms)
    {
        Atom atom = atoms[input.Number];
        return new AtomInput(atom, input.File is { } letter ? Array.FindIndex(atom.Outputs, each => each.Name[0] == letter) : -1);
    }
}
