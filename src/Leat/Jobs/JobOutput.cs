namespace Leat;

/// <summary>One of the outputs of a job. What depends on it does not run again when only another output has changed.</summary>
[Leat.Encoding.Codec(typeof(Leat.Jobs.JobOutputCodec))]
public sealed class JobOutput : IJobInput
{
    internal JobOutput(Job job, int output)
    {
        Job = job;
        Output = output;
    }

    /// <summary>The job that makes it.</summary>
    public Job Job { get; }

    /// <summary>Its name among the job's outputs.</summary>
    public string Name => Job.Outputs.Names[Output];

    /// <summary>The whole path of the file.</summary>
    /// <exception cref="LeatException">An action asks for it whose job does not depend on it.</exception>
    public string Path
    {
        get
        {
            Leat.Jobs.JobScope.RefuseForeign(Job);
            return Job.Outputs[Output];
        }
    }

    int IJobInput.Output => Output;

    internal int Output { get; }

    /// <summary>The path.</summary>
    public override string ToString() => Job.Outputs[Output];
}
