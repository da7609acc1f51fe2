using System.Runtime.CompilerServices;
using Leat.Jobs;

namespace Leat;

// Jobs that make several files.
public sealed partial class JobGraph
{
    /// <summary>A job that makes several files, all of them or none; each can be depended on by itself.</summary>
    /// <param name="id">The job's name.</param>
    /// <param name="outputs">A name for each file, and its path, absolute or from the graph's folder.</param>
    /// <param name="action">Makes the files: gets the paths to write to. The paths are temporary ones, with the same file names, and become the job's own when the action has succeeded.</param>
    /// <param name="options">How it is run; null for the defaults.</param>
    /// <exception cref="LeatException">There is another job of that name or with one of the files, or the graph runs.</exception>
    public FilesJob Files(string id, IEnumerable<(string Name, string Path)> outputs, Action<OutputPaths> action, JobOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(action);
        return AddFiles(id, outputs, JobBody.OfFiles(action), options, isTemporary: false);
    }

    /// <summary>A job that makes several files, all of them or none; each can be depended on by itself.</summary>
    /// <param name="id">The job's name.</param>
    /// <param name="outputs">A name for each file, and its path, absolute or from the graph's folder.</param>
    /// <param name="action">Makes the files: gets the paths to write to, and a token that is cancelled when the job is to end. The paths are temporary ones, with the same file names, and become the job's own when the action has succeeded.</param>
    /// <param name="options">How it is run; null for the defaults.</param>
    /// <exception cref="LeatException">There is another job of that name or with one of the files, or the graph runs.</exception>
    public FilesJob Files(string id, IEnumerable<(string Name, string Path)> outputs, Action<OutputPaths, CancellationToken> action, JobOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(action);
        return AddFiles(id, outputs, JobBody.OfFiles(action), options, isTemporary: false);
    }

    /// <summary>A job that makes several files, all of them or none; each can be depended on by itself.</summary>
    /// <param name="id">The job's name.</param>
    /// <param name="outputs">A name for each file, and its path, absolute or from the graph's folder.</param>
    /// <param name="action">Makes the files: gets the paths to write to. The paths are temporary ones, with the same file names, and become the job's own when the action has succeeded.</param>
    /// <param name="options">How it is run; null for the defaults.</param>
    /// <exception cref="LeatException">There is another job of that name or with one of the files, or the graph runs.</exception>
    [OverloadResolutionPriority(1)]
    public FilesJob Files(string id, IEnumerable<(string Name, string Path)> outputs, Func<OutputPaths, Task> action, JobOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(action);
        return AddFiles(id, outputs, JobBody.OfFiles(action), options, isTemporary: false);
    }

    /// <summary>A job that makes several files, all of them or none; each can be depended on by itself.</summary>
    /// <param name="id">The job's name.</param>
    /// <param name="outputs">A name for each file, and its path, absolute or from the graph's folder.</param>
    /// <param name="action">Makes the files: gets the paths to write to, and a token that is cancelled when the job is to end. The paths are temporary ones, with the same file names, and become the job's own when the action has succeeded.</param>
    /// <param name="options">How it is run; null for the defaults.</param>
    /// <exception cref="LeatException">There is another job of that name or with one of the files, or the graph runs.</exception>
    [OverloadResolutionPriority(1)]
    public FilesJob Files(string id, IEnumerable<(string Name, string Path)> outputs, Func<OutputPaths, CancellationToken, Task> action, JobOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(action);
        return AddFiles(id, outputs, JobBody.OfFiles(action), options, isTemporary: false);
    }

    /// <summary>A job that makes several files, all of them or none; each can be depended on by itself.</summary>
    /// <param name="id">The job's name.</param>
    /// <param name="outputs">A name for each file, and its path, absolute or from the graph's folder.</param>
    /// <param name="action">Makes the files: writes the files in place. The former files are put aside first, and come back if the action fails.</param>
    /// <param name="options">How it is run; null for the defaults.</param>
    /// <exception cref="LeatException">There is another job of that name or with one of the files, or the graph runs.</exception>
    public FilesJob Files(string id, IEnumerable<(string Name, string Path)> outputs, Action action, JobOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(action);
        return AddFiles(id, outputs, JobBody.InPlace(action), options, isTemporary: false);
    }

    /// <summary>A job that makes several files, all of them or none; each can be depended on by itself.</summary>
    /// <param name="id">The job's name.</param>
    /// <param name="outputs">A name for each file, and its path, absolute or from the graph's folder.</param>
    /// <param name="action">Makes the files: writes the files in place. The former files are put aside first, and come back if the action fails.</param>
    /// <param name="options">How it is run; null for the defaults.</param>
    /// <exception cref="LeatException">There is another job of that name or with one of the files, or the graph runs.</exception>
    [OverloadResolutionPriority(1)]
    public FilesJob Files(string id, IEnumerable<(string Name, string Path)> outputs, Func<Task> action, JobOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(action);
        return AddFiles(id, outputs, JobBody.InPlace(action), options, isTemporary: false);
    }

    /// <summary>A job that makes several files that live until all jobs that directly depend on it have succeeded, and are made only if one of them must run.</summary>
    /// <param name="id">The job's name.</param>
    /// <param name="outputs">A name for each file, and its path, absolute or from the graph's folder.</param>
    /// <param name="action">Makes the files: gets the paths to write to. The paths are temporary ones, with the same file names, and become the job's own when the action has succeeded.</param>
    /// <param name="options">How it is run; null for the defaults.</param>
    /// <exception cref="LeatException">There is another job of that name or with one of the files, or the graph runs.</exception>
    public FilesJob TempFiles(string id, IEnumerable<(string Name, string Path)> outputs, Action<OutputPaths> action, JobOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(action);
        return AddFiles(id, outputs, JobBody.OfFiles(action), options, isTemporary: true);
    }

    /// <summary>A job that makes several files that live until all jobs that directly depend on it have succeeded, and are made only if one of them must run.</summary>
    /// <param name="id">The job's name.</param>
    /// <param name="outputs">A name for each file, and its path, absolute or from the graph's folder.</param>
    /// <param name="action">Makes the files: gets the paths to write to, and a token that is cancelled when the job is to end. The paths are temporary ones, with the same file names, and become the job's own when the action has succeeded.</param>
    /// <param name="options">How it is run; null for the defaults.</param>
    /// <exception cref="LeatException">There is another job of that name or with one of the files, or the graph runs.</exception>
    public FilesJob TempFiles(string id, IEnumerable<(string Name, string Path)> outputs, Action<OutputPaths, CancellationToken> action, JobOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(action);
        return AddFiles(id, outputs, JobBody.OfFiles(action), options, isTemporary: true);
    }

    /// <summary>A job that makes several files that live until all jobs that directly depend on it have succeeded, and are made only if one of them must run.</summary>
    /// <param name="id">The job's name.</param>
    /// <param name="outputs">A name for each file, and its path, absolute or from the graph's folder.</param>
    /// <param name="action">Makes the files: gets the paths to write to. The paths are temporary ones, with the same file names, and become the job's own when the action has succeeded.</param>
    /// <param name="options">How it is run; null for the defaults.</param>
    /// <exception cref="LeatException">There is another job of that name or with one of the files, or the graph runs.</exception>
    [OverloadResolutionPriority(1)]
    public FilesJob TempFiles(string id, IEnumerable<(string Name, string Path)> outputs, Func<OutputPaths, Task> action, JobOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(action);
        return AddFiles(id, outputs, JobBody.OfFiles(action), options, isTemporary: true);
    }

    /// <summary>A job that makes several files that live until all jobs that directly depend on it have succeeded, and are made only if one of them must run.</summary>
    /// <param name="id">The job's name.</param>
    /// <param name="outputs">A name for each file, and its path, absolute or from the graph's folder.</param>
    /// <param name="action">Makes the files: gets the paths to write to, and a token that is cancelled when the job is to end. The paths are temporary ones, with the same file names, and become the job's own when the action has succeeded.</param>
    /// <param name="options">How it is run; null for the defaults.</param>
    /// <exception cref="LeatException">There is another job of that name or with one of the files, or the graph runs.</exception>
    [OverloadResolutionPriority(1)]
    public FilesJob TempFiles(string id, IEnumerable<(string Name, string Path)> outputs, Func<OutputPaths, CancellationToken, Task> action, JobOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(action);
        return AddFiles(id, outputs, JobBody.OfFiles(action), options, isTemporary: true);
    }

    /// <summary>A job that makes several files that live until all jobs that directly depend on it have succeeded, and are made only if one of them must run.</summary>
    /// <param name="id">The job's name.</param>
    /// <param name="outputs">A name for each file, and its path, absolute or from the graph's folder.</param>
    /// <param name="action">Makes the files: writes the files in place. The former files are put aside first, and come back if the action fails.</param>
    /// <param name="options">How it is run; null for the defaults.</param>
    /// <exception cref="LeatException">There is another job of that name or with one of the files, or the graph runs.</exception>
    public FilesJob TempFiles(string id, IEnumerable<(string Name, string Path)> outputs, Action action, JobOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(action);
        return AddFiles(id, outputs, JobBody.InPlace(action), options, isTemporary: true);
    }

    /// <summary>A job that makes several files that live until all jobs that directly depend on it have succeeded, and are made only if one of them must run.</summary>
    /// <param name="id">The job's name.</param>
    /// <param name="outputs">A name for each file, and its path, absolute or from the graph's folder.</param>
    /// <param name="action">Makes the files: writes the files in place. The former files are put aside first, and come back if the action fails.</param>
    /// <param name="options">How it is run; null for the defaults.</param>
    /// <exception cref="LeatException">There is another job of that name or with one of the files, or the graph runs.</exception>
    [OverloadResolutionPriority(1)]
    public FilesJob TempFiles(string id, IEnumerable<(string Name, string Path)> outputs, Func<Task> action, JobOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(action);
        return AddFiles(id, outputs, JobBody.InPlace(action), options, isTemporary: true);
    }

    private FilesJob AddFiles(string id, IEnumerable<(string Name, string Path)> outputs, JobBody body, JobOptions? options, bool isTemporary) =>
        Add(new FilesJob(this, IdOfText(id), PathsOf(outputs), body, options, isTemporary));

    private OutputPaths PathsOf(IEnumerable<(string Name, string Path)> outputs)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        (string Name, string Path)[] all = [.. outputs];
        if (all.Length == 0) throw JobErrors.NoOutputs();
        if (all.GroupBy(each => each.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw JobErrors.TwoOutputsOfName(twice.Key);
        }

        return new OutputPaths([.. all.Select(each => each.Name)], [.. all.Select(each => FileOf(each.Path).Path)]);
    }
}
