namespace Leat.Tests.Jobs.Model;

/// <summary>Makes a program that fails smaller, as long as it still fails.</summary>
internal static class Shrinker
{
    private const int MostTries = 2000;

    public static async Task<(ModelProgram Program, string Fault)> ShrinkAsync(ModelProgram program, string fault)
    {
        int tries = 0;
        for (bool isSmaller = true; isSmaller && tries < MostTries;)
        {
            isSmaller = false;
            foreach (ModelProgram smaller in Smaller(program))
            {
                if (++tries > MostTries) break;
                // One that depends on the order of threads may need a second chance.
                if ((await Player.FaultOfAsync(smaller) ?? await Player.FaultOfAsync(smaller)) is not { } left) continue;
                (program, fault, isSmaller) = (smaller, left, true);
                break;
            }
        }

        return (program, fault);
    }

    private static IEnumerable<ModelProgram> Smaller(ModelProgram program)
    {
        for (int i = program.Steps.Length - 1; i >= 0; i--) yield return program with { Steps = program.Steps.RemoveAt(i) };
        for (int i = program.Jobs.Length - 1; i >= 0; i--) yield return program with { Jobs = program.Jobs.RemoveAt(i) };
        for (int i = 0; i < program.Steps.Length; i++)
        {
            Step step = program.Steps[i];
            foreach (Step smaller in Smaller(step)) yield return program with { Steps = program.Steps.SetItem(i, smaller) };
        }

        for (int i = 0; i < program.Jobs.Length; i++)
        {
            foreach (JobSpec smaller in Smaller(program.Jobs[i])) yield return program with { Jobs = program.Jobs.SetItem(i, smaller) };
        }
    }

    private static IEnumerable<Step> Smaller(Step step)
    {
        for (int i = 0; i < step.Edits.Length; i++) yield return step with { Edits = step.Edits.RemoveAt(i) };
        RunSpec run = step.Run;
        if (run.Failing.Length > 0) yield return step with { Run = run with { Failing = [] } };
        for (int i = 0; i < run.Failing.Length && run.Failing.Length > 1; i++) yield return step with { Run = run with { Failing = run.Failing.RemoveAt(i) } };
        if (run.Targets.Length > 0) yield return step with { Run = run with { Targets = [] } };
        if (run.StopsAt >= 0) yield return step with { Run = run with { StopsAt = -1 } };
        if (run.IsCancelled) yield return step with { Run = run with { IsCancelled = false } };
        if (run.IsSameGraph) yield return step with { Run = run with { IsSameGraph = false } };
        if (run.IsPlanned) yield return step with { Run = run with { IsPlanned = false } };
        if (run.Threads > 1) yield return step with { Run = run with { Threads = 1 } };
    }

    private static IEnumerable<JobSpec> Smaller(JobSpec spec)
    {
        for (int i = 0; i < spec.Inputs.Length; i++) yield return spec with { Inputs = spec.Inputs.RemoveAt(i) };
        for (int i = spec.Children.Length - 1; i >= 0; i--) yield return spec with { Children = spec.Children.RemoveAt(i) };
        for (int i = 0; i < spec.Injected.Length; i++) yield return spec with { Injected = spec.Injected.RemoveAt(i) };
        if (spec.Code != 0) yield return spec with { Code = 0 };
        if (spec.Options != 0) yield return spec with { Options = 0 };
        if (spec.IsInPlace) yield return spec with { IsInPlace = false };
        if (spec.IgnoresCode) yield return spec with { IgnoresCode = false };
        if (spec.IsSpecial) yield return spec with { IsSpecial = false };
        if (spec.AllowsEmpty) yield return spec with { AllowsEmpty = false };
    }
}
