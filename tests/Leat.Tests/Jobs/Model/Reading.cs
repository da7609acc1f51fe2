using System.Globalization;

namespace Leat.Tests.Jobs.Model;

/// <summary>What jobs read of each other, as both the graph and the oracle must know it.</summary>
internal static class Reading
{
    /// <summary>The inputs of a job that are there, in the order in which they are read.</summary>
    public static IEnumerable<InputSpec> Present(JobSpec spec, IReadOnlyDictionary<int, JobSpec> known) =>
        Ordered(spec.Inputs, known);

    /// <summary>What an injector adds besides what it makes.</summary>
    public static IEnumerable<InputSpec> Injected(JobSpec spec, IReadOnlyDictionary<int, JobSpec> known) =>
        Ordered(spec.Injected, known).Where(each => IsCapturable(known[each.Number]));

    /// <summary>Whether an action may capture a job; others it knows by their surroundings.</summary>
    public static bool IsCapturable(JobSpec spec) =>
        spec.Kind is not (JobKind.Parameter or JobKind.Function or JobKind.Environment or JobKind.Generate or JobKind.Inject or JobKind.Final);

    /// <summary>Whether a command reads a job's files.</summary>
    public static bool IsForCommand(JobSpec spec) =>
        spec.Kind is JobKind.File or JobKind.TempFile or JobKind.Files or JobKind.TempFiles or JobKind.Command or JobKind.InputFile or JobKind.InputFiles;

    /// <summary>What a command writes ahead of its inputs.</summary>
    public static string WordOf(JobSpec spec) => string.Create(CultureInfo.InvariantCulture, $"{spec.Code / 2} {spec.Captured / 2};");

    /// <summary>What is said by something that can't be captured.</summary>
    public static string TextOf(JobSpec spec) => spec.Kind switch
    {
        JobKind.Parameter => Number(spec.IsSpecial ? spec.Captured / 10 : spec.Captured),
        JobKind.Function => Behaviour.Of(spec.Code)([], spec.Captured, 'a'),
        JobKind.Environment => spec.Captured < 0 ? "unset" : Number(spec.Captured),
        _ => "",
    };

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    // Of several files of one job, either some or all are read.
    private static IEnumerable<InputSpec> Ordered(IEnumerable<InputSpec> inputs, IReadOnlyDictionary<int, JobSpec> known) => inputs
        .Where(each => known.TryGetValue(each.Number, out JobSpec? spec) && (each.File is null || (spec.Kind is JobKind.Files or JobKind.TempFiles && spec.Files.Contains(each.File.Value, StringComparison.Ordinal))))
        .Distinct()
        .OrderBy(each => !IsCapturable(known[each.Number]))
        .ThenBy(each => each.Number)
        .ThenBy(each => each.File ?? ' ');
}
