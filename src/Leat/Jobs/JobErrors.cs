using System.Linq.Expressions;
using Leat.Code;

namespace Leat.Jobs;

/// <summary>Every error of jobs, made in one place; <c>docs/errors.md</c> explains each.</summary>
internal static partial class JobErrors
{
    public static ArgumentOutOfRangeException BadOption(string name, object? value, string reason) =>
        new(name, value, Text("LEAT0120", $"The option '{name}' is {value}, but {reason}."));

    public static LeatException DefinedOtherwise(Job first, string difference) =>
        new("LEAT0121", $"The job '{first.Id}' is defined already, as something else: {difference}{PlaceOf(first)}. Give one of the two another name, or define it once.");

    public static LeatException OutputTaken(string path, Job first, string second) =>
        new("LEAT0122", $"Two jobs make the file '{path}': '{first.Id}'{PlaceOf(first)} and '{second}'. Let one of them write to another path.");

    public static LeatException NoSuchOutput(string name, IReadOnlyList<string> names) =>
        new("LEAT0123", $"There is no output '{name}'. The outputs are {string.Join(", ", names.Select(each => $"'{each}'"))}.");

    public static LeatException DependsOnFinal(Job job, Job final) =>
        new("LEAT0124", $"'{job.Id}' can't depend on '{final.Id}', which is a final job: it runs after everything else. Make it a job of another kind, or let '{job.Id}' be final too.");

    public static LeatException DependsOnItself(Job job) =>
        new("LEAT0125", $"'{job.Id}' can't depend on itself.");

    public static LeatException ForeignGraph(Job job, Job input) =>
        new("LEAT0126", $"'{job.Id}' can't depend on '{input.Id}', which is a job of another graph. To use its file, declare that as an input file.");

    public static LeatException Cycle(IReadOnlyList<string> path) =>
        new("LEAT0127", $"Jobs depend on each other in a circle: {string.Join(" needs ", path.Select(each => $"'{each}'"))}. Take one of these dependencies away.");

    public static LeatException ChangedWhileRunning(string what) =>
        new("LEAT0128", $"{what} while the graph runs. Do so before the run, or in the action of a job made by Generate or Inject.");

    public static LeatException MadeInAction(string job, string what) =>
        new("LEAT0129", $"{what} in the action of '{job}', which is no generator. Make jobs in the action of a job made by Generate.");

    public static LeatException ForeignPrerequisite(Job maker, Job job, Job input) =>
        new("LEAT0130", $"The generator '{maker.Id}' makes '{job.Id}' depend on '{input.Id}', but did not make '{job.Id}', which may have run by now. Use Inject, and let '{job.Id}' depend on the injector.");

    public static LeatException InjectedIntoForeign(Job injector, Job job) =>
        new("LEAT0131", $"The injector '{injector.Id}' adds a dependency to '{job.Id}', which does not depend on it and so may have run by now. Let '{job.Id}' depend on '{injector.Id}'.");

    public static LeatException UsedWithoutDependency(string job, Job used) =>
        new("LEAT0132", $"The action of '{job}' uses '{used.Id}', but the job does not depend on it, and so would not run again when that has changed. Add .DependsOn(…) with it to '{job}'.");

    public static LeatException ValueOutside(Job load) =>
        new("LEAT0133", $"The value of '{load.Id}' is there for the actions of jobs that depend on it, and no such action runs here. Use it in an action, or load it by a call of your own.");

    public static LeatException NotComputed(Job cached) =>
        new("LEAT0134", $"The value of '{cached.Id}' is not there: it was not computed, because nothing that ran needed it, or it was removed. Run the graph with the job as its target first.");

    public static ArgumentException NoAttribute(LambdaExpression expression) =>
        new(Text("LEAT0135", $"'{expression.Body}' is not a property or a field that can be set. Write it as in () => genome.Index."));

    public static LeatException NoProgram() =>
        new("LEAT0136", "The command line names no program. Begin it with a path, or with a name that is looked up in PATH.");

    public static LeatException OpenQuote(string line) =>
        new("LEAT0137", $"A quotation mark of the command line is not closed: {line}. Close it, or put the text into a hole, as in {{\"…\"}}.");

    public static ArgumentException BadPath(string path, string reason) =>
        new(Text("LEAT0138", $"'{path}' can't be the path of a file: {reason}."));

    public static LeatException NoValue(string job) =>
        new("LEAT0139", $"The function of '{job}' returned null, where a value is expected. Return a value: an empty one, if there is nothing.");

    public static LeatException MissingInputs(IReadOnlyList<(string Path, IReadOnlyList<JobId> Users)> files) =>
        new("LEAT0141", string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{(files.Count == 1 ? "An input file is" : $"{files.Count} input files are")} missing:{string.Concat(files.Take(20).Select(each => $"\n  '{each.Path}', which is needed by {string.Join(", ", each.Users.Take(5).Select(user => $"'{user}'"))}{(each.Users.Count > 5 ? $" and {each.Users.Count - 5} more" : "")}"))}{(files.Count > 20 ? $"\n  and {files.Count - 20} more" : "")}\nPut them there, or correct the paths. Nothing was run."));

    public static LeatException InputIsOutput(Job input, Job maker) =>
        new("LEAT0142", $"The input file '{input.Id}' is made by the job '{maker.Id}'. Depend on that job instead.");

    public static LeatException NotLookedAt(Job job, Exception cause) =>
        new("LEAT0143", $"What '{job.Id}' stands for can't be found out: {cause.GetType().Name}: {cause.Message}", cause);

    public static LeatException ToolIsSilent(JobId job, TimeSpan longest) =>
        new("LEAT0144", string.Create(System.Globalization.CultureInfo.InvariantCulture, $"The command of '{job}' has not ended within {longest.TotalSeconds} s. Give one that says the version and ends."));

    public static LeatException NoTool(JobId job, string program, Exception cause) =>
        new("LEAT0145", $"The program '{program}' of '{job}' can't be started: {cause.Message}. Install it, or correct its path.", cause);

    public static LeatException OutputNotMade(Job job, IReadOnlyList<string> outputs, bool isFolder = false)
    {
        string names = string.Join(", ", outputs.Select(each => $"'{each}'"));
        return new("LEAT0146", isFolder
            ? $"'{job.Id}' has made a folder in the place of {names}. Outputs are files: declare those in the folder, with graph.Files."
            : $"'{job.Id}' has not made {names}. Write to the path that the action is given, or correct the path of the job.");
    }

    public static LeatException OutputEmpty(Job job, IReadOnlyList<string> outputs) =>
        new("LEAT0147", $"'{job.Id}' has left {string.Join(", ", outputs.Select(each => $"'{each}'"))} empty. If that is right, say so with the option AllowEmpty.");

    public static LeatException AlreadyRunning(string folder) =>
        new("LEAT0148", $"The graph in '{folder}' runs already. Wait for the end of that run.");

    public static LeatException NotInPlan(Job job) =>
        new("LEAT0149", $"'{job.Id}' must run, and the plan did not say so: something has changed since. Make a new plan.");

    public static LeatException ForeignTarget(Job job) =>
        new("LEAT0180", $"'{job.Id}' can't be a target: it is not a job of this graph.");

    public static LeatException Impossible(Job job, Resources most, bool isOfMachines) =>
        new("LEAT0181", string.Create(System.Globalization.CultureInfo.InvariantCulture, $"'{job.Id}' asks for {Describe(job.Options.Resources)}, and {(isOfMachines ? "no machine of the pool has more than" : "the run has")} {Describe(most)}. Ask for less, or give the run more."));

    public static LeatException Poisonous(Job job, Exception last) =>
        new("LEAT0251", $"'{job.Id}' was lost with its worker three times in a row, and is not tried again: it may be what ends them. The last time: {last.Message}", last);

    public static LeatException Killed(Job job) =>
        new("LEAT0182", $"'{job.Id}' was ended by hand.");

    public static LeatException ActionUnknown(Job job, LeatException cause) =>
        new("LEAT0183", $"Whether the code of '{job.Id}' has changed can't be found out, because of what it has captured. {cause.Message} Capture only values, or call .IgnoreCodeChanges() on the job.", cause);

    public static LeatException NothingToAccept(Job job) =>
        new("LEAT0184", $"'{job.Id}' makes no files that could be accepted as they are. Name a job that does.");

    public static LeatException NotAcceptable(Job job, IReadOnlyList<JobId> inputs) =>
        new("LEAT0185", $"'{job.Id}' can't be accepted as it is, because what it depends on is out of date: {string.Join(", ", inputs.Select(each => $"'{each}'"))}. Run or accept these first.");

    public static ArgumentException NoOutputs() =>
        new(Text("LEAT0186", "A job that makes files needs at least one of them. Name it, or use a job of another kind."));

    public static ArgumentException TwoOutputsOfName(string name) =>
        new(Text("LEAT0187", $"Two outputs of the job have the name '{name}'. Give each a name of its own."));

    public static LeatException Stuck(int open) =>
        new("LEAT0188", string.Create(System.Globalization.CultureInfo.InvariantCulture, $"The run can't go on: nothing runs, and {open} jobs have not ended. That is a fault of Leat's; what has succeeded is recorded."));

    public static ArgumentException NotInRun(Job job) =>
        new(Text("LEAT0189", $"The job '{job.Id}' was not in the graph when it ran. Ask the report of a later run."));

    private static string Describe(Resources resources) => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"{(resources.Cores == Cores.All ? "all" : resources.Cores.ToString(System.Globalization.CultureInfo.InvariantCulture))} cores{(resources.Memory > 0 ? $", {resources.Memory / 1e9:0.0} GB of memory" : "")}{(resources.Gpus > 0 ? $" and {resources.Gpus} GPUs" : "")}");

    /// <summary>Where a job's function stands, as the end of a sentence; empty where that isn't known.</summary>
    private static string PlaceOf(Job job) =>
        job.Body is { } body && SourceLines.Of(body.Function.Method) is { } place ? $" (at {place})" : "";

    private static string Text(string code, string message) => $"{code}: {message}";
}
