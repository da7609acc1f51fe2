namespace Leat;

/// <summary>What a job can depend on, and a run can have as a target: a <see cref="Job"/>, or one of the outputs of one.</summary>
public interface IJobInput
{
    /// <summary>The job.</summary>
    Job Job { get; }

    /// <summary>Which of its outputs, from 0; -1 for all of them.</summary>
    internal int Output { get; }
}
