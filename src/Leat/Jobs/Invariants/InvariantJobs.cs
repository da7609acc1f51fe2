using Leat.Encoding;
using Leat.Jobs;

namespace Leat;

/// <summary>A file that is there, made by somebody else. It counts by its name and its content.</summary>
[Codec(typeof(JobCodec<InputFileJob>))]
public sealed class InputFileJob : Job, IPortableJob<InputFileJob>
{
    internal InputFileJob(JobGraph? graph, JobId id, string path)
        : base(graph, id, JobKind.InputFile, null) => Outputs = new OutputPaths(id.Text, path);

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

    internal override OutputPaths Outputs { get; }

    static InputFileJob IPortableJob<InputFileJob>.Remote(JobId id, OutputPaths outputs) => new(null, id, outputs[0]);
}

/// <summary>A set of files that are there. Files that are added, removed or changed count; where the set lies does not.</summary>
[Codec(typeof(JobCodec<InputFilesJob>))]
public sealed class InputFilesJob : Job, IPortableJob<InputFilesJob>
{
    internal InputFilesJob(JobGraph? graph, JobId id, OutputPaths paths)
        : base(graph, id, JobKind.InputFiles, null) => Outputs = paths;

    /// <summary>The whole paths of the files.</summary>
    /// <exception cref="LeatException">An action asks for them whose job does not depend on this one.</exception>
    public OutputPaths Paths
    {
        get
        {
            JobScope.RefuseForeign(this);
            return Outputs;
        }
    }

    internal override OutputPaths Outputs { get; }

    static InputFilesJob IPortableJob<InputFilesJob>.Remote(JobId id, OutputPaths outputs) => new(null, id, outputs);
}

/// <summary>The files in a folder, whatever they are when a run begins. They count by their paths within the folder, and by content.</summary>
[Codec(typeof(JobCodec<InputFolderJob>))]
public sealed class InputFolderJob : Job, IPortableJob<InputFolderJob>
{
    internal InputFolderJob(JobGraph? graph, JobId id, string path, string pattern = "*", bool isRecursive = true)
        : base(graph, id, JobKind.InputFolder, null)
    {
        Outputs = new OutputPaths(id.Text, path);
        Pattern = pattern;
        IsRecursive = isRecursive;
    }

    /// <summary>The whole path of the folder.</summary>
    /// <exception cref="LeatException">An action asks for it whose job does not depend on this one.</exception>
    public string Path
    {
        get
        {
            JobScope.RefuseForeign(this);
            return Outputs[0];
        }
    }

    internal string Pattern { get; }

    internal bool IsRecursive { get; }

    internal override OutputPaths Outputs { get; }

    static InputFolderJob IPortableJob<InputFolderJob>.Remote(JobId id, OutputPaths outputs) => new(null, id, outputs[0]);
}

/// <summary>A value: what depends on it runs again when it is another one.</summary>
/// <typeparam name="T">The type of the value; anything that can be encoded.</typeparam>
[Codec(typeof(ParameterCodec<>))]
public sealed class ParameterJob<T> : Job, IParameter
{
    private readonly Func<T, T, bool>? isUnchanged;

    internal ParameterJob(JobGraph? graph, JobId id, T value, Func<T, T, bool>? isUnchanged)
        : base(graph, id, JobKind.Parameter, null)
    {
        Value = value;
        this.isUnchanged = isUnchanged;
    }

    /// <summary>The value, also for actions of jobs that depend on it.</summary>
    /// <exception cref="LeatException">An action asks for it whose job does not depend on it.</exception>
    public T Value
    {
        get
        {
            JobScope.RefuseForeign(this);
            return field;
        }
    }

    byte[] IParameter.Encode() => BinaryEncoding.Encode(Value);

    bool IParameter.Accepts(ReadOnlyMemory<byte> last) => isUnchanged is not null && isUnchanged(BinaryEncoding.Decode<T>(last), Value);
}

/// <summary>A parameter of whatever type.</summary>
internal interface IParameter
{
    /// <summary>The bytes of the value.</summary>
    byte[] Encode();

    /// <summary>True when the author says that the value counts as the one that it was.</summary>
    bool Accepts(ReadOnlyMemory<byte> last);
}

/// <summary>The code of a function, and what it has captured: what depends on it runs again when that has changed.</summary>
public sealed class FunctionJob : Job
{
    internal FunctionJob(JobGraph graph, JobId id, Delegate function)
        : base(graph, id, JobKind.Function, null) => Function = function;

    internal Delegate Function { get; }
}

/// <summary>An environment variable, or what a tool says when it is asked for its version.</summary>
public sealed class EnvironmentJob : Job
{
    internal EnvironmentJob(JobGraph graph, JobId id, string? variable, CommandLine? command)
        : base(graph, id, JobKind.Environment, null)
    {
        Variable = variable;
        Command = command;
    }

    internal string? Variable { get; }

    internal CommandLine? Command { get; }
}
