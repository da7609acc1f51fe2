using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using Leat.Jobs;

namespace Leat;

// Jobs that give values.
public sealed partial class JobGraph
{
    /// <summary>
    /// A job that loads a value into memory: once on each machine, and only if a job that must run depends on it. The jobs that depend on it
    /// read it by <see cref="LoadJob{T}.Value"/>, in one process and possibly at the same time, and must not change it. They share the process:
    /// its current directory, its environment variables and all statics, which other jobs have for themselves.
    /// </summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="id">The job's name.</param>
    /// <param name="load">Loads the value, which must not be null.</param>
    /// <param name="options">How it is run; null for the defaults.</param>
    /// <exception cref="LeatException">There is another job of that name, or the graph runs.</exception>
    public LoadJob<T> Load<T>(string id, Func<T> load, JobOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(load);
        return Add(new LoadJob<T>(this, IdOfText(id), JobBody.OfValue(load), options));
    }

    /// <summary>
    /// A job that loads a value into a property or a field, as <see cref="Load{T}(string, Func{T}, JobOptions)"/> does. It is set back to
    /// its type's default behind the last job that directly depends on it.
    /// </summary>
    /// <typeparam name="T">The type of the property.</typeparam>
    /// <param name="attribute">The property or field, as in <c>() => genome.Index</c>. How it is written is the job's name.</param>
    /// <param name="load">Loads the value, which must not be null.</param>
    /// <param name="id">The job's name, where the expression does not do.</param>
    /// <param name="options">How it is run; null for the defaults.</param>
    /// <exception cref="ArgumentException">It is no property or field that can be set.</exception>
    /// <exception cref="LeatException">There is another job of that name, or the graph runs.</exception>
    public AttributeJob Load<T>(Expression<Func<T>> attribute, Func<T> load, string? id = null, JobOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(attribute);
        ArgumentNullException.ThrowIfNull(load);
        AttributeTarget target = AttributeTarget.Of(attribute, out string text);
        return Add(new AttributeJob(this, IdOfText(id ?? text), JobBody.OfValue(load), target, options));
    }

    /// <summary>
    /// A job that loads a value into memory: once on each machine, and only if a job that must run depends on it. The jobs that depend on it
    /// read it by <see cref="LoadJob{T}.Value"/>, in one process and possibly at the same time, and must not change it. They share the process:
    /// its current directory, its environment variables and all statics, which other jobs have for themselves.
    /// </summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="id">The job's name.</param>
    /// <param name="load">Loads the value, which must not be null.</param>
    /// <param name="options">How it is run; null for the defaults.</param>
    /// <exception cref="LeatException">There is another job of that name, or the graph runs.</exception>
    [OverloadResolutionPriority(1)]
    public LoadJob<T> Load<T>(string id, Func<Task<T>> load, JobOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(load);
        return Add(new LoadJob<T>(this, IdOfText(id), JobBody.OfValue(load), options));
    }

    /// <summary>
    /// A job that loads a value into a property or a field, as <see cref="Load{T}(string, Func{T}, JobOptions)"/> does. It is set back to
    /// its type's default behind the last job that directly depends on it.
    /// </summary>
    /// <typeparam name="T">The type of the property.</typeparam>
    /// <param name="attribute">The property or field, as in <c>() => genome.Index</c>. How it is written is the job's name.</param>
    /// <param name="load">Loads the value, which must not be null.</param>
    /// <param name="id">The job's name, where the expression does not do.</param>
    /// <param name="options">How it is run; null for the defaults.</param>
    /// <exception cref="ArgumentException">It is no property or field that can be set.</exception>
    /// <exception cref="LeatException">There is another job of that name, or the graph runs.</exception>
    [OverloadResolutionPriority(1)]
    public AttributeJob Load<T>(Expression<Func<T>> attribute, Func<Task<T>> load, string? id = null, JobOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(attribute);
        ArgumentNullException.ThrowIfNull(load);
        AttributeTarget target = AttributeTarget.Of(attribute, out string text);
        return Add(new AttributeJob(this, IdOfText(id ?? text), JobBody.OfValue(load), target, options));
    }

    /// <summary>
    /// A job that loads a value into memory: once on each machine, and only if a job that must run depends on it. The jobs that depend on it
    /// read it by <see cref="LoadJob{T}.Value"/>, in one process and possibly at the same time, and must not change it. They share the process:
    /// its current directory, its environment variables and all statics, which other jobs have for themselves.
    /// </summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="id">The job's name.</param>
    /// <param name="load">Loads the value, which must not be null. It gets a token that is cancelled when the job is to end.</param>
    /// <param name="options">How it is run; null for the defaults.</param>
    /// <exception cref="LeatException">There is another job of that name, or the graph runs.</exception>
    public LoadJob<T> Load<T>(string id, Func<CancellationToken, Task<T>> load, JobOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(load);
        return Add(new LoadJob<T>(this, IdOfText(id), JobBody.OfValue(load), options));
    }

    /// <summary>
    /// A job that loads a value into a property or a field, as <see cref="Load{T}(string, Func{T}, JobOptions)"/> does. It is set back to
    /// its type's default behind the last job that directly depends on it.
    /// </summary>
    /// <typeparam name="T">The type of the property.</typeparam>
    /// <param name="attribute">The property or field, as in <c>() => genome.Index</c>. How it is written is the job's name.</param>
    /// <param name="load">Loads the value, which must not be null. It gets a token that is cancelled when the job is to end.</param>
    /// <param name="id">The job's name, where the expression does not do.</param>
    /// <param name="options">How it is run; null for the defaults.</param>
    /// <exception cref="ArgumentException">It is no property or field that can be set.</exception>
    /// <exception cref="LeatException">There is another job of that name, or the graph runs.</exception>
    public AttributeJob Load<T>(Expression<Func<T>> attribute, Func<CancellationToken, Task<T>> load, string? id = null, JobOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(attribute);
        ArgumentNullException.ThrowIfNull(load);
        AttributeTarget target = AttributeTarget.Of(attribute, out string text);
        return Add(new AttributeJob(this, IdOfText(id ?? text), JobBody.OfValue(load), target, options));
    }

    /// <summary>
    /// A job that computes a value once and keeps it. It is not computed when nothing needs it; the jobs that depend on it read it by
    /// <see cref="CachedJob{T}.Value"/>.
    /// </summary>
    /// <typeparam name="T">The type of the value; anything that can be encoded.</typeparam>
    /// <param name="id">The job's name.</param>
    /// <param name="compute">Computes the value, which must not be null.</param>
    /// <param name="options">How it is run; null for the defaults.</param>
    /// <exception cref="LeatException">There is another job of that name, or the graph runs.</exception>
    public CachedJob<T> Cached<T>(string id, Func<T> compute, JobOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(compute);
        return Add(new CachedJob<T>(this, IdOfText(id), ValuePath(id), ValueFile.BodyOf<T>(id, JobBody.OfValue(compute)), options));
    }

    /// <summary>
    /// A job that computes a value once and keeps it. It is not computed when nothing needs it; the jobs that depend on it read it by
    /// <see cref="CachedJob{T}.Value"/>.
    /// </summary>
    /// <typeparam name="T">The type of the value; anything that can be encoded.</typeparam>
    /// <param name="id">The job's name.</param>
    /// <param name="compute">Computes the value, which must not be null.</param>
    /// <param name="options">How it is run; null for the defaults.</param>
    /// <exception cref="LeatException">There is another job of that name, or the graph runs.</exception>
    [OverloadResolutionPriority(1)]
    public CachedJob<T> Cached<T>(string id, Func<Task<T>> compute, JobOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(compute);
        return Add(new CachedJob<T>(this, IdOfText(id), ValuePath(id), ValueFile.BodyOf<T>(id, JobBody.OfValue(compute)), options));
    }

    /// <summary>
    /// A job that computes a value once and keeps it. It is not computed when nothing needs it; the jobs that depend on it read it by
    /// <see cref="CachedJob{T}.Value"/>.
    /// </summary>
    /// <typeparam name="T">The type of the value; anything that can be encoded.</typeparam>
    /// <param name="id">The job's name.</param>
    /// <param name="compute">Computes the value, which must not be null. It gets a token that is cancelled when the job is to end.</param>
    /// <param name="options">How it is run; null for the defaults.</param>
    /// <exception cref="LeatException">There is another job of that name, or the graph runs.</exception>
    public CachedJob<T> Cached<T>(string id, Func<CancellationToken, Task<T>> compute, JobOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(compute);
        return Add(new CachedJob<T>(this, IdOfText(id), ValuePath(id), ValueFile.BodyOf<T>(id, JobBody.OfValue(compute)), options));
    }

    private string ValuePath(string id) => Path.Combine(StateFolder, "values", $"{Leat.Encoding.Digest.OfText(id)}.bin");
}
