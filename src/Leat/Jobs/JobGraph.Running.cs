using Leat.Jobs;
using Leat.Storage;

namespace Leat;

// What is done with the graph.
public sealed partial class JobGraph
{
    /// <summary>Does what is out of date.</summary>
    /// <param name="pool">Where actions run; null for worker processes of this machine, as many as it has cores.</param>
    /// <param name="cancellationToken">Ends the run at once.</param>
    /// <returns>What was done.</returns>
    /// <exception cref="RunFailedException">Jobs failed; it has the report.</exception>
    /// <exception cref="LeatException">The graph can't run: a circle of dependencies, missing input files, a ledger that another run has.</exception>
    public Task<RunReport> RunAsync(Pool? pool = null, CancellationToken cancellationToken = default) =>
        RunAsync(new RunOptions { Pool = pool }, cancellationToken);

    /// <summary>Does what is out of date of some jobs, and of all that they need.</summary>
    /// <param name="targets">The jobs that are wanted.</param>
    /// <param name="pool">Where actions run; null for worker processes of this machine, as many as it has cores.</param>
    /// <param name="cancellationToken">Ends the run at once.</param>
    /// <returns>What was done.</returns>
    /// <exception cref="RunFailedException">Jobs failed; it has the report.</exception>
    /// <exception cref="LeatException">The graph can't run.</exception>
    public Task<RunReport> RunAsync(IReadOnlyCollection<IJobInput> targets, Pool? pool = null, CancellationToken cancellationToken = default) =>
        RunAsync(new RunOptions { Targets = targets, Pool = pool }, cancellationToken);

    /// <summary>Does what is out of date.</summary>
    /// <param name="options">How.</param>
    /// <param name="cancellationToken">Ends the run at once.</param>
    /// <returns>What was done.</returns>
    /// <exception cref="RunFailedException">Jobs failed; it has the report.</exception>
    /// <exception cref="LeatException">The graph can't run.</exception>
    public async Task<RunReport> RunAsync(RunOptions options, CancellationToken cancellationToken = default)
    {
        JobRun run = Start(options);
        RunReport report;
        await using (run.ConfigureAwait(false))
        {
            using CancellationTokenRegistration registration = cancellationToken.Register(run.Cancel);
            report = await run.Completion.ConfigureAwait(false);
        }

        cancellationToken.ThrowIfCancellationRequested();
        return report.IsSuccess ? report : throw new RunFailedException(report);
    }

    /// <summary>Starts to do what is out of date.</summary>
    /// <param name="options">How; null for the defaults.</param>
    /// <returns>The run, which goes on.</returns>
    /// <exception cref="LeatException">The graph runs already.</exception>
    public JobRun Start(RunOptions? options = null) => new(new RunEngine(this, options ?? new RunOptions()));

    /// <summary>
    /// Finds out what a run would do, and does none of it, but for the generators and injectors whose inputs are up to date: what they make is
    /// a part of the graph.
    /// </summary>
    /// <param name="options">How it would be run; null for the defaults.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="LeatException">The graph can't run.</exception>
    public Task<RunPlan> PlanAsync(RunOptions? options = null, CancellationToken cancellationToken = default) =>
        LookAsync((planner, _) => planner.PlanAsync(options?.Targets ?? []), cancellationToken);

    /// <summary>
    /// Records the outputs of a job as they are as up to date: with its code and its inputs as they are now it will not run. The ledger says so.
    /// </summary>
    /// <param name="job">The job; its outputs must be there.</param>
    /// <param name="reason">Why, for those who read the job's history; empty by default.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="LeatException">An output is missing, an input is out of date, or another run has the ledger.</exception>
    public async Task AcceptAsCurrentAsync(Job job, string reason = "", CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(job);
        (JobNode node, IReadOnlyList<JobId> unknown) = await LookAsync(
            async (planner, _) =>
            {
                await planner.PlanAsync([job]).ConfigureAwait(false);
                return planner.Find(job);
            },
            cancellationToken).ConfigureAwait(false);
        LedgerRecord record = Acceptance.Of(node, unknown, reason);
        ILedgerSession session = await Ledger.OpenAsync(new LedgerRun { Id = record.Run }, cancellationToken).ConfigureAwait(false);
        await using (session.ConfigureAwait(false)) await session.AppendAsync(record, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Opens the ledger to look at it, also while a run has it.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The ledger as it is now; dispose it.</returns>
    /// <exception cref="LeatException">It can't be read.</exception>
    public async Task<ILedgerReader> OpenLedgerAsync(CancellationToken cancellationToken = default) => await Ledger.OpenForReadingAsync(cancellationToken).ConfigureAwait(false);

    /// <summary>What the ledger says about a job, the newest first.</summary>
    /// <param name="job">The job's name; it need not be in the graph any more.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="LeatException">The ledger can't be read.</exception>
    public async Task<IReadOnlyList<LedgerRecord>> HistoryAsync(JobId job, CancellationToken cancellationToken = default)
    {
        ILedgerReader reader = await OpenLedgerAsync(cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false)) return await reader.HistoryAsync(job.Text, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The file with what a job has written to its standard output and error when it last wrote something; null if there is none.</summary>
    public string? FindLog(JobId job)
    {
        string runs = Path.Combine(StateFolder, "runs");
        if (!Directory.Exists(runs)) return null;
        // Their names begin with their times.
        return Directory.GetDirectories(runs).OrderDescending(StringComparer.Ordinal).Select(run => RunFolder.LogOf(run, job)).FirstOrDefault(System.IO.File.Exists);
    }

    /// <summary>Removes the files that jobs have made, and forgets that they ran. Files that somebody else has changed since stay.</summary>
    /// <param name="jobs">The jobs; empty for all that ever ran here, those among them that are not in the graph any more.</param>
    /// <param name="dryRun">True to find out what would be removed.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The paths of the files that were removed.</returns>
    /// <exception cref="LeatException">Another run has the ledger.</exception>
    public async Task<IReadOnlyList<string>> CleanAsync(IReadOnlyCollection<Job> jobs, bool dryRun = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(jobs);
        if (dryRun)
        {
            ILedgerReader reader = await Ledger.OpenForReadingAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false)) return Cleaning.Find(this, reader, jobs).SelectMany(each => each.Files).ToList();
        }

        ILedgerSession session = await Ledger.OpenAsync(new LedgerRun { Id = "clean" }, cancellationToken).ConfigureAwait(false);
        await using (session.ConfigureAwait(false)) return await Cleaning.CleanAsync(this, session, jobs, cancellationToken).ConfigureAwait(false);
    }

    // Looks at the graph as a run would.
    private async Task<T> LookAsync<T>(Func<Planner, ILedgerReader, Task<T>> look, CancellationToken cancellationToken)
    {
        BeginRun();
        try
        {
            ILedgerReader reader = await Ledger.OpenForReadingAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false)) return await look(new Planner(this, reader), reader).ConfigureAwait(false);
        }
        finally
        {
            EndRun();
        }
    }
}
