using Leat.Calls;

namespace Leat;

/// <summary>
/// Makes functions whose calls are declared now and made when their results are asked for: what takes a value takes a
/// <see cref="Deferred{T}"/> then, and gives one.
/// </summary>
public static partial class Call
{
    /// <summary>Values that are computed or listed when a run asks for them, and once a run.</summary>
    /// <param name="list">Lists them.</param>
    /// <param name="name">What they are called in errors; "source" by default.</param>
    public static Deferred<T> Source<T>(Func<IEnumerable<T>> list, string name = "source")
    {
        ArgumentNullException.ThrowIfNull(list);
        return new SourceDeferred<T>(name, _ => (list() ?? throw CallErrors.NoSequence(name)).ToAsyncEnumerable());
    }

    /// <inheritdoc cref="Source{T}(Func{IEnumerable{T}},string)"/>
    public static Deferred<T> Source<T>(Func<CancellationToken, IEnumerable<T>> list, string name = "source")
    {
        ArgumentNullException.ThrowIfNull(list);
        return new SourceDeferred<T>(name, token => (list(token) ?? throw CallErrors.NoSequence(name)).ToAsyncEnumerable());
    }

    /// <inheritdoc cref="Source{T}(Func{IEnumerable{T}},string)"/>
    public static Deferred<T> Source<T>(Func<Task<IEnumerable<T>>> list, string name = "source")
    {
        ArgumentNullException.ThrowIfNull(list);
        return new SourceDeferred<T>(name, _ => ListAsync(async () => await list().ConfigureAwait(false) ?? throw CallErrors.NoSequence(name)));
    }

    /// <inheritdoc cref="Source{T}(Func{IEnumerable{T}},string)"/>
    public static Deferred<T> Source<T>(Func<Task<T[]>> list, string name = "source")
    {
        ArgumentNullException.ThrowIfNull(list);
        return Source<T>(async Task<IEnumerable<T>> () => await list().ConfigureAwait(false), name);
    }

    /// <inheritdoc cref="Source{T}(Func{IEnumerable{T}},string)"/>
    public static Deferred<T> Source<T>(Func<CancellationToken, IAsyncEnumerable<T>> list, string name = "source")
    {
        ArgumentNullException.ThrowIfNull(list);
        return new SourceDeferred<T>(name, token => list(token) ?? throw CallErrors.NoSequence(name));
    }

    /// <inheritdoc cref="Source{T}(Func{IEnumerable{T}},string)"/>
    public static Deferred<T> Source<T>(Func<IAsyncEnumerable<T>> list, string name = "source")
    {
        ArgumentNullException.ThrowIfNull(list);
        return new SourceDeferred<T>(name, _ => list() ?? throw CallErrors.NoSequence(name));
    }

    /// <summary>The items of a sequence, such as a pipe; each run enumerates it anew, and not faster than they are used.</summary>
    /// <param name="items">The sequence.</param>
    /// <param name="name">What they are called in errors; that of the pipe, or "source", by default.</param>
    public static Deferred<T> Source<T>(IAsyncEnumerable<T> items, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(items);
        return new SourceDeferred<T>(name ?? (items as Pipe)?.Name ?? "source", _ => items);
    }

    /// <inheritdoc cref="Source{T}(IAsyncEnumerable{T},string?)"/>
    public static Deferred<T> Source<T>(IEnumerable<T> items, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(items);
        return new SourceDeferred<T>(name ?? "source", _ => items.ToAsyncEnumerable());
    }

    private static async IAsyncEnumerable<T> ListAsync<T>(Func<Task<IEnumerable<T>>> list)
    {
        foreach (T item in await list().ConfigureAwait(false)) yield return item;
    }
}
