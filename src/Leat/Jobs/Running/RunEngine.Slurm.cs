using Leat.Pools;

namespace Leat.Jobs;

// Where a Slurm cluster decides on which machine a job runs, and when: all that is counted here is how many may be in its hands.
internal sealed partial class RunEngine
{
    private ProcessPool? PoolOnSlurm => options.Pool is ProcessPool { Allocations: not null } pool ? pool : null;

    private static void RefuseOnSlurm(RunOptions options)
    {
        if (options.Pool is not ProcessPool pool) return;
        if (pool.IsPartlySlurm) throw SlurmJobErrors.NotCombined();
        if (pool.Allocations is not null && options.Files == Files.Transfer) throw SlurmJobErrors.NoTransfer();
    }

    // A worker of the scheduler's for each job that may be in Slurm's hands.
    private void BeginOnSlurm()
    {
        for (int i = 0; i < CoresInAll; i++) scheduler.Join(new Resources { Memory = long.MaxValue });
        scheduler.HasAllWorkers = true;
    }

    // It has a place: until then it has waited, and would not begin any more when the run is stopped.
    private void OnPlaced(Execution execution, string place)
    {
        execution.Place = SlurmRunner.NodeOf(place);
        NoteStart(execution);
    }

    private void NoteStart(Execution execution)
    {
        if (execution.TryStart(Now)) events.Tell(new JobStarted(execution.Started!.Value, execution.Node.Job.Id, execution.Instruction.Attempt));
    }

    private string? Obstacle(bool isAnyThere) =>
        isAnyThere ? null
        : runner is SlurmRunner slurm ? slurm.Obstacle
        : IsNoMachineThere && scheduler.Open > 0 ? "the machines of the pool, none of which is there" : share?.Waiting;
}
