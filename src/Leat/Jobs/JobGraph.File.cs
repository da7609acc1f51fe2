using System.Runtime.CompilerServices;
using Leat.Jobs;

namespace Leat;

// Jobs that make files.
public sealed partial class JobGraph
{
    /// <summary>A job that makes one file.</summary>
    /// <param name="path">The file, absolute or from the graph's folder. The path from there is the job's name.</param>
    /// <param name="action">Makes the file: gets the path to write to. The path is a temporary one, with the same file name, and becomes the job's own when the action has succeeded.</param>
    /// <param name="options">How it is run; null for the defaults.</param>
    /// <exception cref="LeatException">There is another job of that name or with that file, or the graph runs.</exception>
    public FileJob File(string path, Action<string> action, JobOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(action);
        return AddFile(path, JobBody.OfFile(action), options, isTemporary: false);
    }

    /// <summary>A job that makes one file.</summary>
    /// <param name="path">The file, absolute or from the graph's folder. The path from there is the job's name.</param>
    /// <param name="action">Makes the file: gets the path to write to, and a token that is cancelled when the job is to end. The path is a temporary one, with the same file name, and becomes the job's own when the action has succeeded.</param>
    /// <param name="options">How it is run; null for the defaults.</param>
    /// <exception cref="LeatException">There is another job of that name or with that file, or the graph runs.</exception>
    public FileJob File(string path, Action<string, CancellationToken> action, JobOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(action);
        return AddFile(path, JobBody.OfFile(action), options, isTemporary: false);
    }

    /// <summary>A job that makes one file.</summary>
    /// <param name="path">The file, absolute or from the graph's folder. The path from there is the job's name.</param>
    /// <param name="action">Makes the file: gets the path to write to. The path is a temporary one, with the same file name, and becomes the job's own when the action has succeeded.</param>
    /// <param name="options">How it is run; null for the defaults.</param>
    /// <exception cref="LeatException">There is another job of that name or with that file, or the graph runs.</exception>
    [OverloadResolutionPriority(1)]
    public FileJob File(string path, Func<string, Task> action, JobOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(action);
        return AddFile(path, JobBody.OfFile(action), options, isTemporary: false);
    }

    /// <summary>A job that makes one file.</summary>
    /// <param name="path">The file, absolute or from the graph's folder. The path from there is the job's name.</param>
    /// <param name="action">Makes the file: gets the path to write to, and a token that is cancelled when the job is to end. The path is a temporary one, with the same file name, and becomes the job's own when the action has succeeded.</param>
    /// <param name="options">How it is run; null for the defaults.</param>
    /// <exception cref="LeatException">There is another job of that name or with that file, or the graph runs.</exception>
    [OverloadResolutionPriority(1)]
    public FileJob File(string path, Func<string, CancellationToken, Task> action, JobOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(action);
        return AddFile(path, JobBody.OfFile(action), options, isTemporary: false);
    }

    /// <summary>A job that makes one file.</summary>
    /// <param name="path">The file, absolute or from the graph's folder. The path from there is the job's name.</param>
    /// <param name="action">Makes the file: writes the file in place. The former file is put aside first, and comes back if the action fails.</param>
    /// <param name="options">How it is run; null for the defaults.</param>
    /// <exception cref="LeatException">There is another job of that name or with that file, or the graph runs.</exception>
    public FileJob File(string path, Action action, JobOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(action);
        return AddFile(path, JobBody.InPlace(action), options, isTemporary: false);
    }

    /// <summary>A job that makes one file.</summary>
    /// <param name="path">The file, absolute or from the graph's folder. The path from there is the job's name.</param>
    /// <param name="action">Makes the file: writes the file in place. The former file is put aside first, and comes back if the action fails.</param>
    /// <param name="options">How it is run; null for the defaults.</param>
    /// <exception cref="LeatException">There is another job of that name or with that file, or the graph runs.</exception>
    [OverloadResolutionPriority(1)]
    public FileJob File(string path, Func<Task> action, JobOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(action);
        return AddFile(path, JobBody.InPlace(action), options, isTemporary: false);
    }

    /// <summary>A job that makes one file that lives until all jobs that directly depend on it have succeeded, and is made only if one of them must run.</summary>
    /// <param name="path">The file, absolute or from the graph's folder. The path from there is the job's name.</param>
    /// <param name="action">Makes the file: gets the path to write to. The path is a temporary one, with the same file name, and becomes the job's own when the action has succeeded.</param>
    /// <param name="options">How it is run; null for the defaults.</param>
    /// <exception cref="LeatException">There is another job of that name or with that file, or the graph runs.</exception>
    public FileJob TempFile(string path, Action<string> action, JobOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(action);
        return AddFile(path, JobBody.OfFile(action), options, isTemporary: true);
    }

    /// <summary>A job that makes one file that lives until all jobs that directly depend on it have succeeded, and is made only if one of them must run.</summary>
    /// <param name="path">The file, absolute or from the graph's folder. The path from there is the job's name.</param>
    /// <param name="action">Makes the file: gets the path to write to, and a token that is cancelled when the job is to end. The path is a temporary one, with the same file name, and becomes the job's own when the action has succeeded.</param>
    /// <param name="options">How it is run; null for the defaults.</param>
    /// <exception cref="LeatException">There is another job of that name or with that file, or the graph runs.</exception>
    public FileJob TempFile(string path, Action<string, CancellationToken> action, JobOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(action);
        return AddFile(path, JobBody.OfFile(action), options, isTemporary: true);
    }

    /// <summary>A job that makes one file that lives until all jobs that directly depend on it have succeeded, and is made only if one of them must run.</summary>
    /// <param name="path">The file, absolute or from the graph's folder. The path from there is the job's name.</param>
    /// <param name="action">Makes the file: gets the path to write to. The path is a temporary one, with the same file name, and becomes the job's own when the action has succeeded.</param>
    /// <param name="options">How it is run; null for the defaults.</param>
    /// <exception cref="LeatException">There is another job of that name or with that file, or the graph runs.</exception>
    [OverloadResolutionPriority(1)]
    public FileJob TempFile(string path, Func<string, Task> action, JobOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(action);
        return AddFile(path, JobBody.OfFile(action), options, isTemporary: true);
    }

    /// <summary>A job that makes one file that lives until all jobs that directly depend on it have succeeded, and is made only if one of them must run.</summary>
    /// <param name="path">The file, absolute or from the graph's folder. The path from there is the job's name.</param>
    /// <param name="action">Makes the file: gets the path to write to, and a token that is cancelled when the job is to end. The path is a temporary one, with the same file name, and becomes the job's own when the action has succeeded.</param>
    /// <param name="options">How it is run; null for the defaults.</param>
    /// <exception cref="LeatException">There is another job of that name or with that file, or the graph runs.</exception>
    [OverloadResolutionPriority(1)]
    public FileJob TempFile(string path, Func<string, CancellationToken, Task> action, JobOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(action);
        return AddFile(path, JobBody.OfFile(action), options, isTemporary: true);
    }

    /// <summary>A job that makes one file that lives until all jobs that directly depend on it have succeeded, and is made only if one of them must run.</summary>
    /// <param name="path">The file, absolute or from the graph's folder. The path from there is the job's name.</param>
    /// <param name="action">Makes the file: writes the file in place. The former file is put aside first, and comes back if the action fails.</param>
    /// <param name="options">How it is run; null for the defaults.</param>
    /// <exception cref="LeatException">There is another job of that name or with that file, or the graph runs.</exception>
    public FileJob TempFile(string path, Action action, JobOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(action);
        return AddFile(path, JobBody.InPlace(action), options, isTemporary: true);
    }

    /// <summary>A job that makes one file that lives until all jobs that directly depend on it have succeeded, and is made only if one of them must run.</summary>
    /// <param name="path">The file, absolute or from the graph's folder. The path from there is the job's name.</param>
    /// <param name="action">Makes the file: writes the file in place. The former file is put aside first, and comes back if the action fails.</param>
    /// <param name="options">How it is run; null for the defaults.</param>
    /// <exception cref="LeatException">There is another job of that name or with that file, or the graph runs.</exception>
    [OverloadResolutionPriority(1)]
    public FileJob TempFile(string path, Func<Task> action, JobOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(action);
        return AddFile(path, JobBody.InPlace(action), options, isTemporary: true);
    }

    private FileJob AddFile(string path, JobBody body, JobOptions? options, bool isTemporary)
    {
        (JobId id, string full) = FileOf(path);
        return Add(new FileJob(this, id, full, body, options, isTemporary));
    }
}
