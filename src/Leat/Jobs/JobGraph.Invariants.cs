namespace Leat;

// What is looked at, and not made.
public sealed partial class JobGraph
{
    /// <summary>A value: what depends on it runs again when it is another one.</summary>
    /// <typeparam name="T">The type of the value; anything that can be encoded.</typeparam>
    /// <param name="id">The job's name.</param>
    /// <param name="value">The value.</param>
    /// <param name="acceptAsUnchanged">Gets the value that the jobs have seen, and the new one; true if that is to count as the old one. Null, the default, if only equal values do.</param>
    /// <exception cref="LeatException">There is another job of that name, or the graph runs.</exception>
    public ParameterJob<T> Parameter<T>(string id, T value, Func<T, T, bool>? acceptAsUnchanged = null) =>
        Add(new ParameterJob<T>(this, IdOfText(id), value, acceptAsUnchanged));

    /// <summary>
    /// A file that is there, made by somebody else. It counts by its name and its content, which is read again only when its size or times have
    /// changed; or by the digest in a file beside it whose name ends with <c>.sha256</c> or <c>.md5sum</c>, if that is not older than the file.
    /// </summary>
    /// <param name="path">The file, absolute or from the graph's folder. The path from there is the job's name.</param>
    /// <exception cref="LeatException">There is another job of that name, or the graph runs.</exception>
    public InputFileJob InputFile(string path)
    {
        (JobId id, string full) = FileOf(path);
        return Add(new InputFileJob(this, id, full));
    }

    /// <summary>A set of files that are there. Files that are added, removed or changed count; when all of them have moved to another folder that does not.</summary>
    /// <param name="id">The job's name.</param>
    /// <param name="paths">The files, absolute or from the graph's folder, in any order.</param>
    /// <exception cref="LeatException">There is another job of that name, or the graph runs.</exception>
    public InputFilesJob InputFiles(string id, IEnumerable<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        (JobId Id, string Path)[] all = [.. paths.Select(FileOf).DistinctBy(each => each.Path)];
        return Add(new InputFilesJob(this, IdOfText(id), new OutputPaths([.. all.Select(each => each.Id.Text)], [.. all.Select(each => each.Path)])));
    }

    /// <summary>The files in a folder, whatever they are when a run begins.</summary>
    /// <param name="path">The folder, absolute or from the graph's folder. The path from there is the job's name, with a '/' behind it.</param>
    /// <param name="pattern">The names of the files that count, with '*' and '?'; all by default.</param>
    /// <param name="recursive">Whether the files in its folders count too; true by default.</param>
    /// <exception cref="LeatException">There is another job of that name, or the graph runs.</exception>
    public InputFolderJob InputFolder(string path, string pattern = "*", bool recursive = true)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentException.ThrowIfNullOrEmpty(pattern);
        string full = Path.TrimEndingDirectorySeparator(FullPath(path));
        string id = full == Folder ? "./" : $"{IdOf(full)}/";
        return Add(new InputFolderJob(this, new JobId(pattern == "*" ? id : id + pattern), full, pattern, recursive));
    }

    /// <summary>The code of a function, and what it has captured: what depends on it runs again when that has changed.</summary>
    /// <param name="id">The job's name.</param>
    /// <param name="function">The function.</param>
    /// <exception cref="LeatException">There is another job of that name, or the graph runs.</exception>
    public FunctionJob Function(string id, Delegate function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Add(new FunctionJob(this, IdOfText(id), function));
    }

    /// <summary>An environment variable, as it is when a run begins; one that is not set counts as a value of its own.</summary>
    /// <param name="variable">Its name. The job's name is that behind a '$'.</param>
    /// <exception cref="LeatException">There is another job of that name, or the graph runs.</exception>
    public EnvironmentJob Environment(string variable)
    {
        ArgumentException.ThrowIfNullOrEmpty(variable);
        return Add(new EnvironmentJob(this, new JobId($"${variable}"), variable, null));
    }

    /// <summary>The version of a tool: what a command says when a run begins, on its standard output and error, and its exit code.</summary>
    /// <param name="id">The job's name.</param>
    /// <param name="command">The command, such as <c>"samtools --version"</c>. It should be quick.</param>
    /// <exception cref="LeatException">There is another job of that name, or the graph runs.</exception>
    public EnvironmentJob ToolVersion(string id, CommandLine command)
    {
        ArgumentNullException.ThrowIfNull(command);
        _ = command.Arguments;
        return Add(new EnvironmentJob(this, IdOfText(id), null, command));
    }
}
