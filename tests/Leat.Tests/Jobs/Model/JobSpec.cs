using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Leat.Tests.Jobs.Model;

/// <summary>A job of a model, as data: a graph is defined from these, and the oracle reads nothing else.</summary>
/// <remarks>A job depends on jobs with smaller numbers only, so that there are no circles however it is edited.</remarks>
internal sealed record JobSpec(int Number, JobKind Kind)
{
    /// <summary>Which of the codes of <see cref="Behaviour"/> the action has.</summary>
    public int Code { get; init; }

    /// <summary>What the action has captured; the value of a parameter; the content of an environment variable, which has none where it is negative.</summary>
    public int Captured { get; init; }

    /// <summary>Of a plot, the code of its drawing.</summary>
    public int Drawing { get; init; }

    public ImmutableArray<InputSpec> Inputs { get; init; } = [];

    /// <summary>Which files it makes, or stands for, by their letters.</summary>
    public string Files { get; init; } = "a";

    /// <summary>In which folder the files of inputs lie.</summary>
    public int Place { get; init; }

    /// <summary>The action takes no paths.</summary>
    public bool IsInPlace { get; init; }

    public bool AllowsEmpty { get; init; }

    public bool IgnoresCode { get; init; }

    /// <summary>A parameter of which only the tens count; a value that is loaded into a property; a plot with a table; a tool instead of a variable.</summary>
    public bool IsSpecial { get; init; }

    /// <summary>What must make nothing out of date.</summary>
    public int Options { get; init; }

    public bool IsAway { get; init; }

    /// <summary>What a generator or an injector makes, if the content of its inputs says so.</summary>
    public ImmutableArray<JobSpec> Children { get; init; } = [];

    /// <summary>What an injector adds, besides its children.</summary>
    public ImmutableArray<InputSpec> Injected { get; init; } = [];

    public string Name => string.Create(CultureInfo.InvariantCulture, $"j{Number}");

    /// <summary>The job's id in the graph.</summary>
    public string Id => Kind switch
    {
        JobKind.File or JobKind.TempFile or JobKind.Command or JobKind.Plot => PathOf('a'),
        JobKind.InputFile => PathOf('a'),
        JobKind.InputFolder => $"folder {Name}/",
        JobKind.Environment when !IsSpecial => $"${Variable}",
        _ => Name,
    };

    public string Variable => $"LEAT_MODEL_{Name}";

    /// <summary>The path of a file, from the graph's folder.</summary>
    public string PathOf(char letter) => Kind switch
    {
        JobKind.File => $"out/{Name}.txt",
        JobKind.TempFile => $"temporary/{Name}",
        JobKind.Files or JobKind.TempFiles => $"out {Name}/{letter}.txt",
        JobKind.Command => $"out/{Name}.command",
        JobKind.Plot => letter == 't' ? $"plots/{Name}.tsv" : $"plots/{Name}.svg",
        JobKind.InputFile => string.Create(CultureInfo.InvariantCulture, $"in {Place}/{Name}.input"),
        JobKind.InputFiles => string.Create(CultureInfo.InvariantCulture, $"in {Place}/{Name}/{InFolder(letter)}"),
        JobKind.InputFolder => $"folder {Name}/{InFolder(letter)}",
        _ => "",
    };

    public bool IsMaker => Kind is JobKind.Generate or JobKind.Inject;

    public bool IsInvariant => Kind >= JobKind.Parameter;

    public bool MakesFiles => Kind is JobKind.File or JobKind.Files or JobKind.TempFile or JobKind.TempFiles or JobKind.Command or JobKind.Plot;

    /// <summary>A line of a program.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Id} {Kind} code {Code} captured {Captured}");
        if (Kind == JobKind.Plot) text.Append(CultureInfo.InvariantCulture, $" drawing {Drawing}");
        if (Files != "a") text.Append(CultureInfo.InvariantCulture, $" files {Files}");
        foreach ((bool isSo, string word) in new[] { (IsInPlace, "in place"), (AllowsEmpty, "allows empty"), (IgnoresCode, "ignores code"), (IsSpecial, "special"), (IsAway, "away") })
        {
            if (isSo) text.Append(", ").Append(word);
        }

        if (Inputs.Length > 0) text.Append(" <- ").AppendJoin(", ", Inputs);
        if (Injected.Length > 0) text.Append(" injects ").AppendJoin(", ", Injected);
        foreach (JobSpec child in Children) text.Append("\n    makes ").Append(child);
        return text.ToString();
    }

    // Two letters stand for files with the same name in two folders.
    private static string InFolder(char letter) => letter switch
    {
        'c' => "sub/c.dat",
        'd' => "sub/a.dat",
        _ => $"{letter}.dat",
    };
}

/// <summary>That a job depends on another one.</summary>
/// <param name="Number">Which.</param>
/// <param name="File">The letter of the file, where only that is depended on.</param>
/// <param name="IsOfDrawing">Of a plot: that its drawing does, and not its data.</param>
internal sealed record InputSpec(int Number, char? File = null, bool IsOfDrawing = false)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"j{Number}{(File is null ? "" : $":{File}")}{(IsOfDrawing ? " (drawing)" : "")}");
}
