using System.Globalization;

namespace Leat.Shell;

/// <summary>Every error of the command line, made in one place; <c>docs/errors.md</c> explains each.</summary>
internal static class ShellErrors
{
    private const int MostNames = 5;

    public static LeatException UnknownOption(string name, IReadOnlyList<string> nearest) =>
        new("LEAT0165", $"There is no option '{name}'.{Suggest(nearest)} All of them are listed by --help.");

    public static LeatException NoValue(string option, string value) =>
        new("LEAT0166", $"The option {option} needs a value: {option} {value}.");

    public static LeatException SurplusValue(string option, string value) =>
        new("LEAT0167", $"The option {option} takes no value, but was given '{value}'. Leave out '={value}'.");

    public static LeatException BadValue(string option, string value, string expected) =>
        new("LEAT0168", $"The value of {option} is '{value}', but must be {expected}.");

    public static LeatException UnknownPool(string text) =>
        new("LEAT0169", $"'{text}' is no pool. Write threads:N or processes:N, with N for the number of workers, at least 1; without :N there are as many as the machine has cores. Hosts are written as in ssh:host1*4,host2:2222*2; slurm:N is for N workers on a Slurm cluster.");

    public static LeatException TwoActions(string first, string second) =>
        new("LEAT0171", $"The options {first} and {second} can't be given together: each asks for something else. Start the program once for each.");

    public static LeatException Contradiction(string first, string second) =>
        new("LEAT0172", $"The options {first} and {second} contradict each other. Give one of them.");

    public static LeatException WithoutMeaning(string option, string asked, ShellAction of) =>
        new("LEAT0173", $"The option {option} means nothing for {asked}. It goes with {Listed([.. NamesOf(of)])}.");

    public static LeatException NeedsNames(string option, bool isOne, int given) =>
        new("LEAT0174", string.Create(CultureInfo.InvariantCulture, $"The option {option} needs {(isOne ? "the name of one job" : "the names of jobs")}, and was given {(given == 0 ? "none" : given)}. Write {option} JOB, where JOB is a job's name or the path of one of its files."));

    public static LeatException UnknownTarget(string name, IReadOnlyList<string> nearest, int jobs) =>
        new("LEAT0175", jobs == 0
            ? $"There is no job '{name}': the graph has no jobs at all."
            : $"There is no job '{name}', and no job makes a file of that path.{Suggest(nearest)} All jobs are listed by --graph.");

    public static LeatException NoMatch(string pattern) =>
        new("LEAT0176", $"No job and no path of a file that one makes matches '{pattern}'. A * stands for any characters, also for '/'. All jobs are listed by --graph.");

    public static LeatException NoLog(JobId job) =>
        new("LEAT0177", $"There is no log of '{job}': no run that is kept has tried it, or it wrote nothing.");

    public static LeatException NeedsYes() =>
        new("LEAT0178", "Nothing was removed, because nobody can be asked: the input or the output is not a terminal. Add --yes to remove these files.");

    public static LeatException NoOtherMachines(string option) =>
        new("LEAT0179", $"The option {option} says how jobs on other machines come by their files, and the run has none. Add --pool ssh:HOST*N, or leave {option} out.");

    private static string Suggest(IReadOnlyList<string> nearest) => nearest.Count switch
    {
        0 => "",
        1 => $" Did you mean '{nearest[0]}'?",
        _ => $" Did you mean one of {string.Join(", ", nearest.Take(MostNames).Select(each => $"'{each}'"))}?",
    };

    private static string Listed(string[] names) => names.Length < 2 ? string.Concat(names) : $"{string.Join(", ", names[..^1])} and {names[^1]}";

    private static IEnumerable<string> NamesOf(ShellAction actions)
    {
        if (actions.HasFlag(ShellAction.Run)) yield return "a run";
        foreach (ShellOption option in ShellOptions.Actions)
        {
            if (actions.HasFlag(option.Action)) yield return option.Name;
        }
    }
}
