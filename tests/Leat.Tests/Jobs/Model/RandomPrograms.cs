using System.Collections.Immutable;

namespace Leat.Tests.Jobs.Model;

/// <summary>Makes programs by chance.</summary>
internal sealed class RandomPrograms(int seed)
{
    // Those that are there more often are more often chosen. Commands start a process each.
    private static readonly JobKind[] Kinds =
    [
        JobKind.File, JobKind.File, JobKind.File, JobKind.File, JobKind.Files, JobKind.Files, JobKind.TempFile, JobKind.TempFile, JobKind.TempFile, JobKind.TempFiles,
        JobKind.Cached, JobKind.Cached, JobKind.Load, JobKind.Load, JobKind.Plot, JobKind.Generate, JobKind.Inject, JobKind.Final,
        JobKind.Parameter, JobKind.Parameter, JobKind.InputFile, JobKind.InputFile, JobKind.InputFiles, JobKind.InputFolder, JobKind.Function, JobKind.Environment,
    ];

    private static readonly JobKind[] ChildKinds = [JobKind.File, JobKind.File, JobKind.TempFile, JobKind.Files, JobKind.Cached];

    private readonly Random random = new(seed);

    public static ModelProgram Make(int seed) => new RandomPrograms(seed).Make();

    private ModelProgram Make()
    {
        List<JobSpec> jobs = [];
        int count = random.Next(2, 16);
        for (int i = 0; i < count; i++) jobs.Add(Job(i, jobs));
        ImmutableArray<Step>.Builder steps = ImmutableArray.CreateBuilder<Step>();
        int runs = random.Next(2, 9);
        for (int i = 0; i < runs; i++) steps.Add(new Step(i == 0 ? [] : [.. Enumerable.Range(0, random.Next(5)).Select(_ => AnEdit(jobs))], Run(jobs)));
        return new ModelProgram(seed, [.. jobs], steps.ToImmutable());
    }

    private JobSpec Job(int number, List<JobSpec> before)
    {
        JobKind kind = random.Next(40) == 0 ? JobKind.Command : Kinds[random.Next(Kinds.Length)];
        var spec = new JobSpec(number, kind)
        {
            Code = random.Next(Behaviour.Emptying),
            Captured = Captured(kind),
            Drawing = random.Next(Behaviour.Emptying),
            IsInPlace = random.Next(4) == 0,
            IgnoresCode = random.Next(25) == 0,
            IsSpecial = kind == JobKind.Environment ? random.Next(20) == 0 : random.Next(3) == 0,
            Options = random.Next(5),
            Files = kind is JobKind.Files or JobKind.TempFiles or JobKind.InputFiles or JobKind.InputFolder ? Letters() : "a",
            AllowsEmpty = random.Next(6) == 0,
        };
        spec = spec with { IgnoresCode = spec.IgnoresCode && spec is { IsInvariant: false, IsMaker: false } };
        if (spec.AllowsEmpty && random.Next(2) == 0) spec = spec with { Code = Behaviour.Emptying };
        if (spec.IsInvariant) return spec with { AllowsEmpty = false };
        spec = spec with { Inputs = Inputs(spec, before) };
        if (!spec.IsMaker) return spec;
        ImmutableArray<JobSpec>.Builder children = ImmutableArray.CreateBuilder<JobSpec>();
        List<JobSpec> known = [.. before.Where(each => each.Kind != JobKind.Parameter && !each.IsMaker)];
        for (int i = random.Next(spec.Kind == JobKind.Inject ? 3 : 4); i > 0; i--)
        {
            JobSpec child = new(100 * (number + 1) + children.Count, ChildKinds[random.Next(ChildKinds.Length)]) { Code = random.Next(Behaviour.Emptying), Captured = random.Next(6) };
            child = child with { Files = child.Kind == JobKind.Files ? "ab" : "a", Inputs = Inputs(child, known) };
            children.Add(child);
            known.Add(child);
        }

        return spec with
        {
            Children = children.ToImmutable(),
            Injected = spec.Kind == JobKind.Inject && before.Count > 0 ? [.. Enumerable.Range(0, random.Next(3)).Select(_ => Input(spec, before)).OfType<InputSpec>()] : [],
        };
    }

    private int Captured(JobKind kind) => kind switch
    {
        JobKind.Parameter => random.Next(30),
        JobKind.Environment => random.Next(-1, 4),
        _ => random.Next(6),
    };

    private string Letters()
    {
        string letters = string.Concat("abcd".Where(_ => random.Next(2) == 0));
        return letters.Length == 0 ? "a" : letters;
    }

    private ImmutableArray<InputSpec> Inputs(JobSpec spec, List<JobSpec> before) =>
        before.Count == 0 ? [] : [.. Enumerable.Range(0, random.Next(4)).Select(_ => Input(spec, before)).OfType<InputSpec>().Distinct()];

    private InputSpec? Input(JobSpec spec, List<JobSpec> before)
    {
        // Mostly what was made lately, so that chains come about.
        JobSpec input = before[random.Next(2) == 0 ? Math.Max(0, before.Count - 1 - random.Next(4)) : random.Next(before.Count)];
        if (input.Kind == JobKind.Final && spec.Kind != JobKind.Final) return null;
        char? file = input.Kind is JobKind.Files or JobKind.TempFiles && random.Next(2) == 0 ? input.Files[random.Next(input.Files.Length)] : null;
        return new InputSpec(input.Number, file, spec.Kind == JobKind.Plot && random.Next(3) == 0);
    }

    private Edit AnEdit(List<JobSpec> jobs)
    {
        JobSpec spec = jobs[random.Next(jobs.Count)];
        EditKind kind = spec.IsInvariant && random.Next(4) > 0 ? OfInput(spec) : (EditKind)random.Next((int)EditKind.ChildCode + 1);
        int value = kind switch
        {
            EditKind.Captured => Captured(spec.Kind),
            EditKind.Code when spec.AllowsEmpty => random.Next(Behaviour.Codes),
            EditKind.Code => random.Next(40) == 0 ? Behaviour.Emptying : random.Next(Behaviour.Emptying),
            _ => random.Next(Behaviour.Emptying),
        };
        char file = kind is EditKind.Member ? "abcd"[random.Next(4)] : spec.Files[random.Next(spec.Files.Length)];
        // Nothing can depend on itself, or on what comes later; that is what makes an edit of none of the first.
        InputSpec? other = spec.Number > 0 ? Input(spec, [.. jobs.Take(spec.Number)]) : null;
        if (spec.Inputs.Length > 0 && random.Next(2) == 0) other = spec.Inputs[random.Next(spec.Inputs.Length)];
        return new Edit(kind, spec.Number, value, kind == EditKind.Dependency ? other : null, file);
    }

    private EditKind OfInput(JobSpec spec) => spec.Kind switch
    {
        JobKind.InputFile or JobKind.InputFiles or JobKind.InputFolder => random.Next(12) switch
        {
            0 => EditKind.LoseInput,
            1 or 2 => EditKind.TouchInput,
            3 or 4 => EditKind.Move,
            5 or 6 => EditKind.Member,
            7 => EditKind.Deepen,
            8 => EditKind.Captured,
            _ => EditKind.WriteInput,
        },
        JobKind.Function => random.Next(2) == 0 ? EditKind.Code : EditKind.Captured,
        _ => EditKind.Captured,
    };

    private RunSpec Run(List<JobSpec> jobs)
    {
        string[] actions = [.. jobs.Where(each => !each.IsInvariant).SelectMany(each => each.Children.Select(child => child.Id).Prepend(each.Kind == JobKind.Plot && random.Next(2) == 0 ? $"{each.Id} (data)" : each.Id))];
        var run = new RunSpec
        {
            Threads = random.Next(1, 5),
            IsSameGraph = random.Next(3) == 0,
            IsPlanned = random.Next(3) == 0,
            Targets = random.Next(4) == 0 ? [.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => random.Next(jobs.Count)).Distinct()] : [],
            Failing = random.Next(4) == 0 && actions.Length > 0 ? [.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => actions[random.Next(actions.Length)]).Distinct()] : [],
        };
        return random.Next(8) == 0 ? run with { StopsAt = random.Next(20), IsCancelled = random.Next(2) == 0 } : run;
    }
}
