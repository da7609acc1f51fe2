using Leat.Encoding;
using Leat.Jobs;

namespace Leat;

/// <summary>A job that makes one file.</summary>
[Codec(typeof(JobCodec<FileJob>))]
public sealed class FileJob : Job, IPortableJob<FileJob>
{
    internal FileJob(JobGraph? graph, JobId id, string path, JobBody? body, JobOptions? options, bool isTemporary)
        : base(graph, id, isTemporary ? JobKind.TempFile : JobKind.File, options)
    {
        Outputs = new OutputPaths(id.Text, path);
        Body = body;
    }

    private FileJob(JobId id, OutputPaths outputs)
        : base(null, id, JobKind.File, null) => Outputs = outputs;

    /// <summary>The whole path of the file.</summary>
    /// <exception cref="LeatException">An action asks for it whose job does not depend on this one.</exception>
    public string Path
    {
        get
        {
            JobScope.RefuseForeign(this);
            return Outputs[0];
        }
    }

    internal override JobBody? Body { get; }

    internal override OutputPaths Outputs { get; }

    static FileJob IPortableJob<FileJob>.Remote(JobId id, OutputPaths outputs) => new(id, outputs);
}
