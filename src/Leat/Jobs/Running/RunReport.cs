using System.Globalization;

namespace Leat;

/// <summary>What a run has done.</summary>
public sealed class RunReport
{
    private readonly Func<int, JobReport> make;
    private readonly int[] counts;

    internal RunReport(string id, TimeSpan time, IReadOnlyList<Job> jobs, int[] counts, Func<int, JobReport> make)
    {
        Id = id;
        Time = time;
        this.counts = counts;
        this.make = make;
        AllJobs = jobs;
    }

    /// <summary>The run's id, which is the name of its folder under <c>.leat/runs</c>.</summary>
    public string Id { get; }

    /// <summary>How long the run took.</summary>
    public TimeSpan Time { get; }

    /// <summary>Every job, in the order in which they were made. Each report is made when it is asked for.</summary>
    public IEnumerable<JobReport> Jobs => Enumerable.Range(0, AllJobs.Count).Select(make);

    /// <summary>The jobs that ran, or failed, or could not run.</summary>
    public IEnumerable<JobReport> Done => Jobs.Where(job => job.Outcome is not (JobOutcome.UpToDate or JobOutcome.NotNeeded));

    /// <summary>The jobs that failed by themselves.</summary>
    public IEnumerable<JobReport> Failures => Jobs.Where(job => job.Outcome == JobOutcome.Failed);

    /// <summary>True if no job failed, and the run was not cancelled.</summary>
    public bool IsSuccess => Count(JobOutcome.Failed) + Count(JobOutcome.Upstream) + Count(JobOutcome.Cancelled) == 0;

    private IReadOnlyList<Job> AllJobs { get; }

    /// <summary>What became of a job.</summary>
    /// <exception cref="ArgumentException">The job was not in the graph.</exception>
    public JobReport this[Job job]
    {
        get
        {
            ArgumentNullException.ThrowIfNull(job);
            return job.Index < AllJobs.Count && AllJobs[job.Index] == job ? make(job.Index) : throw Leat.Jobs.JobErrors.NotInRun(job);
        }
    }

    /// <summary>
    /// How many jobs there are of an outcome. What is only looked at or loaded, and generators and injectors, which run in every run, count only
    /// where they failed.
    /// </summary>
    public int Count(JobOutcome outcome) => counts[(int)outcome];

    /// <summary>The numbers in a line.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Count(JobOutcome.Succeeded)} ran, {Count(JobOutcome.UpToDate)} up to date, {Count(JobOutcome.NotNeeded)} not needed, {Count(JobOutcome.Failed)} failed, {Count(JobOutcome.Upstream)} could not run, {Count(JobOutcome.Cancelled)} cancelled, in {Time.TotalSeconds:0.0} s");
}
