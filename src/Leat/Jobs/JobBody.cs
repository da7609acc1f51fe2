namespace Leat.Jobs;

/// <summary>What a job does, in whatever form the author gave it.</summary>
/// <param name="Function">The author's function.</param>
/// <param name="Invoke">Calls it with the paths of the outputs; gives the value of a job that loads one, else null.</param>
/// <param name="TakesToken">True when it takes a token, so that there is a point in waiting for it to react.</param>
/// <param name="WritesInPlace">True when it knows the paths of its outputs by itself, and so can't be given temporary ones.</param>
internal sealed record JobBody(Delegate Function, Func<OutputPaths, CancellationToken, ValueTask<object?>> Invoke, bool TakesToken = false, bool WritesInPlace = false)
{
    public static JobBody OfFile(Action<string> action) => new(action, (paths, _) => DoAsync(action, paths[0]));

    public static JobBody OfFile(Action<string, CancellationToken> action) => new(action, (paths, token) =>
    {
        action(paths[0], token);
        return default;
    }, TakesToken: true);

    public static JobBody OfFile(Func<string, Task> action) => new(action, (paths, _) => AfterAsync(action(paths[0])));

    public static JobBody OfFile(Func<string, CancellationToken, Task> action) => new(action, (paths, token) => AfterAsync(action(paths[0], token)), TakesToken: true);

    public static JobBody OfFiles(Action<OutputPaths> action) => new(action, (paths, _) => DoAsync(action, paths));

    public static JobBody OfFiles(Action<OutputPaths, CancellationToken> action) => new(action, (paths, token) =>
    {
        action(paths, token);
        return default;
    }, TakesToken: true);

    public static JobBody OfFiles(Func<OutputPaths, Task> action) => new(action, (paths, _) => AfterAsync(action(paths)));

    public static JobBody OfFiles(Func<OutputPaths, CancellationToken, Task> action) => new(action, (paths, token) => AfterAsync(action(paths, token)), TakesToken: true);

    public static JobBody InPlace(Action action) => new(action, (_, _) =>
    {
        action();
        return default;
    }, WritesInPlace: true);

    public static JobBody InPlace(Func<Task> action) => new(action, (_, _) => AfterAsync(action()), WritesInPlace: true);

    public static JobBody OfValue<T>(Func<T> load) => new(load, (_, _) => new ValueTask<object?>(load()));

    public static JobBody OfValue<T>(Func<Task<T>> load) => new(load, async (_, _) => await load().ConfigureAwait(false));

    public static JobBody OfValue<T>(Func<CancellationToken, Task<T>> load) => new(load, async (_, token) => await load(token).ConfigureAwait(false), TakesToken: true);

    private static ValueTask<object?> DoAsync<T>(Action<T> action, T argument)
    {
        action(argument);
        return default;
    }

    private static async ValueTask<object?> AfterAsync(Task task)
    {
        await task.ConfigureAwait(false);
        return null;
    }
}
