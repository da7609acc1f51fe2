using Leat.Encoding;
using Leat.Jobs;

namespace Leat;

/// <summary>A job that runs another program, which makes files. It runs again when its command line has changed.</summary>
[Codec(typeof(JobCodec<CommandJob>))]
public sealed class CommandJob : Job, IPortableJob<CommandJob>
{
    internal CommandJob(JobGraph? graph, JobId id, OutputPaths outputs, CommandPlan? plan, JobOptions? options)
        : base(graph, id, JobKind.Command, options)
    {
        Outputs = outputs;
        Plan = plan;
    }

    /// <summary>One of the outputs, to depend on.</summary>
    /// <param name="name">The name under which it was declared, or its path as it was given.</param>
    /// <exception cref="LeatException">There is no output of that name.</exception>
    public JobOutput this[string name] => new(this, Outputs.Find(name));

    /// <summary>The whole path of the first output.</summary>
    /// <exception cref="LeatException">An action asks for it whose job does not depend on this one.</exception>
    public string Path => Paths[0];

    /// <summary>The whole paths of the outputs, by name and in the order in which they were declared.</summary>
    /// <exception cref="LeatException">An action asks for them whose job does not depend on this one.</exception>
    public OutputPaths Paths
    {
        get
        {
            JobScope.RefuseForeign(this);
            return Outputs;
        }
    }

    internal CommandPlan? Plan { get; }

    internal override OutputPaths Outputs { get; }

    static CommandJob IPortableJob<CommandJob>.Remote(JobId id, OutputPaths outputs) => new(null, id, outputs, null, null);
}
