using System.Diagnostics.CodeAnalysis;
using Leat.Encoding;
using Leat.Storage;

namespace Leat.Jobs;

/// <summary>A job that was captured by an action, and is made anew in the process where that runs.</summary>
internal interface IPortableJob<T>
    where T : Job, IPortableJob<T>
{
    /// <summary>What it is elsewhere: its name and the paths of its outputs.</summary>
    static abstract T Remote(JobId id, OutputPaths outputs);
}

/// <summary>Jobs travel by name and paths; in digests they count by name.</summary>
[SuppressMessage("Performance", "CA1812:Avoid uninstantiated internal classes", Justification = "Made by reflection.")]
internal sealed class JobCodec<T> : ICodec<T>
    where T : Job, IPortableJob<T>
{
    public void Write(EncodingWriter writer, T value)
    {
        if (FileContext.IsForDigest(writer))
        {
            JobForm.WriteForDigest(writer, value);
            return;
        }

        JobForm.Write(writer, value);
    }

    public T Read(EncodingReader reader)
    {
        (JobId id, OutputPaths outputs) = JobForm.Read(reader);
        return T.Remote(id, outputs);
    }
}

/// <summary>One output of a job travels as that job, which elsewhere is a job with files, whatever it is here.</summary>
[SuppressMessage("Performance", "CA1812:Avoid uninstantiated internal classes", Justification = "Made by reflection.")]
internal sealed class JobOutputCodec : ICodec<JobOutput>
{
    public void Write(EncodingWriter writer, JobOutput value)
    {
        if (FileContext.IsForDigest(writer)) JobForm.WriteForDigest(writer, value.Job);
        else JobForm.Write(writer, value.Job);
        writer.WriteVarint((ulong)value.Output);
    }

    public JobOutput Read(EncodingReader reader)
    {
        (JobId id, OutputPaths outputs) = JobForm.Read(reader);
        int output = (int)Math.Min(reader.ReadVarint(), int.MaxValue);
        return output < outputs.Count ? new JobOutput(FilesJob.Remote(id, outputs), output) : throw reader.Damaged("an output is announced that the job does not have");
    }
}

/// <summary>The bytes of a job.</summary>
internal static class JobForm
{
    public static void Write(EncodingWriter writer, Job job)
    {
        writer.WriteValue(job.Id.Text);
        writer.WriteValue(job.Outputs.Names.ToArray());
        writer.WriteValue(HostView.Current is { } view ? view.Map(job.Outputs) : job.Outputs.ToArray());
    }

    public static void WriteForDigest(EncodingWriter writer, Job job)
    {
        if (job is not InputFileJob file || (writer.Context as FileContext)?.Owner is not Job owner)
        {
            writer.WriteValue(job.Id.Text);
            return;
        }

        // By its content it counts as what it is, something that the job depends on; where it lies does not count. Two of one name must be told apart.
        string name = Path.GetFileName(file.Outputs[0]);
        if (owner.Edges.Count(edge => edge.Job is InputFileJob && Path.GetFileName(edge.Job.Outputs[0]) == name) > 1) FileContext.Write(writer, file.Outputs[0], isOutput: false);
        else writer.WriteValue(name);
    }

    public static (JobId Id, OutputPaths Outputs) Read(EncodingReader reader)
    {
        var id = new JobId(reader.ReadValue<string>());
        string[] names = reader.ReadValue<string[]>();
        string[] paths = reader.ReadValue<string[]>();
        return names.Length == paths.Length ? (id, new OutputPaths(names, paths)) : throw reader.Damaged("a job has other numbers of names and paths");
    }
}
