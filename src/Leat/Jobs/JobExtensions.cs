using Leat.Jobs;

namespace Leat;

/// <summary>What can be said of every job.</summary>
public static class JobExtensions
{
    extension<T>(T job)
        where T : Job
    {
        /// <summary>Says that the job needs others: they are up to date before it runs, and when one of them has changed it runs again.</summary>
        /// <param name="inputs">The others, or some of their outputs; saying one twice does no harm.</param>
        /// <returns>The job.</returns>
        /// <exception cref="LeatException">One of them is of another graph, is a <c>Final</c> job or the job itself, or the graph runs.</exception>
        public T DependsOn(params ReadOnlySpan<IJobInput> inputs)
        {
            foreach (IJobInput input in inputs) Dependencies.Add(job, input);
            return job;
        }

        /// <summary>Says that the job needs others: they are up to date before it runs, and when one of them has changed it runs again.</summary>
        /// <param name="inputs">The others, or some of their outputs; saying one twice does no harm.</param>
        /// <returns>The job.</returns>
        /// <exception cref="LeatException">One of them is of another graph, is a <c>Final</c> job or the job itself, or the graph runs.</exception>
        public T DependsOn(IEnumerable<IJobInput> inputs)
        {
            ArgumentNullException.ThrowIfNull(inputs);
            foreach (IJobInput input in inputs) Dependencies.Add(job, input);
            return job;
        }

        /// <summary>
        /// Says that a change of the code of the job's own action, or of what that has captured, does not make it out of date.
        /// </summary>
        /// <returns>The job.</returns>
        public T IgnoreCodeChanges()
        {
            Dependencies.RefuseWhileRunning(job);
            job.IgnoreCode();
            return job;
        }
    }
}
