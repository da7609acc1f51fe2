namespace Leat;

/// <summary>Why a job runs.</summary>
/// <param name="Kind">The reason.</param>
/// <param name="Subject">What it is about: an input, an output, a job; empty where it is the job itself.</param>
/// <param name="Detail">What there is to say beyond that, such as what a value was and is; empty where there is nothing.</param>
public sealed record JobReason(JobReasonKind Kind, string Subject = "", string Detail = "")
{
    /// <summary>The reason in words.</summary>
    public override string ToString()
    {
        string subject = Subject.Length > 0 ? $"'{Subject}'" : "";
        string words = Kind switch
        {
            JobReasonKind.NeverRan => "it never ran",
            JobReasonKind.NeverSucceeded => "it never succeeded",
            JobReasonKind.OutputMissing => $"its output {subject} is missing",
            JobReasonKind.OutputEmpty => $"its output {subject} is empty",
            JobReasonKind.OutputChanged => $"its output {subject} is not what it left",
            JobReasonKind.CodeChanged => "its code changed, or what that has captured",
            JobReasonKind.CommandChanged => "its command line changed",
            JobReasonKind.InputAdded => $"it depends on {subject}, and did not before",
            JobReasonKind.InputRemoved => $"it no longer depends on {subject}",
            JobReasonKind.InputChanged => $"its input {subject} changed",
            JobReasonKind.Needed => $"{subject} needs it",
            JobReasonKind.EveryRun => "it runs in every run",
            JobReasonKind.InputMayChange => $"its input {subject} may change",
            _ => Kind.ToString(),
        };
        return Detail.Length > 0 ? $"{words}: {Detail}" : words;
    }
}

/// <summary>The reasons for which jobs run.</summary>
public enum JobReasonKind
{
    /// <summary>There is no record of it, or none that can be read.</summary>
    NeverRan,

    /// <summary>An output is not there.</summary>
    OutputMissing,

    /// <summary>An output is empty, which the job does not allow.</summary>
    OutputEmpty,

    /// <summary>An output is not what the job left.</summary>
    OutputChanged,

    /// <summary>The code of its action, or what that has captured, is not what it was.</summary>
    CodeChanged,

    /// <summary>Its command line is not what it was.</summary>
    CommandChanged,

    /// <summary>It depends on something more.</summary>
    InputAdded,

    /// <summary>It depends on something less.</summary>
    InputRemoved,

    /// <summary>The content of an input is not what the job saw at its last success.</summary>
    InputChanged,

    /// <summary>A job that must run needs it: a temporary file, a value.</summary>
    Needed,

    /// <summary>It runs in every run: generators and injectors.</summary>
    EveryRun,

    /// <summary>In a plan: one of its inputs is made by a job that runs, and may come out as it was.</summary>
    InputMayChange,

    /// <summary>It has failed, and there is no record of a success.</summary>
    NeverSucceeded,
}
