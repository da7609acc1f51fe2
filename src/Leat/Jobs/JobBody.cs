namespace Leat.Jobs;

/// <summary>What a job does, in whatever form the author gave it.</summary>
/// <remarks>Graphs have very many of them: how the function is called is the same for all of a form, and is made when it is called.</remarks>
/// <param name="Function">The author's function.</param>
/// <param name="Adapt">Makes of it what is called.</param>
/// <param name="TakesToken">True when it takes a token, so that there is a point in waiting for it to react.</param>
/// <param name="WritesInPlace">True when it knows the paths of its outputs by itself, and so can't be given temporary ones.</param>
internal sealed record JobBody(Delegate Function, Func<Delegate, Func<OutputPaths, CancellationToken, ValueTask<object?>>> Adapt, bool TakesToken = false, bool WritesInPlace = false)
{
    /// <summary>Calls the function with the paths of the outputs; gives the value of a job that loads one, else null.</summary>
    public Func<OutputPaths, CancellationToken, ValueTask<object?>> Invoke => Adapt(Function);

    /// <summary>A body that is called in a way of its own.</summary>
    public static JobBody Of(Delegate function, Func<OutputPaths, CancellationToken, ValueTask<object?>> invoke) => new(function, _ => invoke);

    public static JobBody OfFile(Action<string> action) => new(action, static function => Do((Action<string>)function));

    public static JobBody OfFile(Action<string, CancellationToken> action) => new(action, static function => Do((Action<string, CancellationToken>)function), TakesToken: true);

    public static JobBody OfFile(Func<string, Task> action) => new(action, static function => Do((Func<string, Task>)function));

    public static JobBody OfFile(Func<string, CancellationToken, Task> action) => new(action, static function => Do((Func<string, CancellationToken, Task>)function), TakesToken: true);

    public static JobBody OfFiles(Action<OutputPaths> action) => new(action, static function => Do((Action<OutputPaths>)function));

    public static JobBody OfFiles(Action<OutputPaths, CancellationToken> action) => new(action, static function => Do((Action<OutputPaths, CancellationToken>)function), TakesToken: true);

    public static JobBody OfFiles(Func<OutputPaths, Task> action) => new(action, static function => Do((Func<OutputPaths, Task>)function));

    public static JobBody OfFiles(Func<OutputPaths, CancellationToken, Task> action) => new(action, static function => Do((Func<OutputPaths, CancellationToken, Task>)function), TakesToken: true);

    public static JobBody InPlace(Action action) => new(action, static function => Do((Action)function), WritesInPlace: true);

    public static JobBody InPlace(Func<Task> action) => new(action, static function => Do((Func<Task>)function), WritesInPlace: true);

    public static JobBody OfValue<T>(Func<T> load) => new(load, static function => Get((Func<T>)function));

    public static JobBody OfValue<T>(Func<Task<T>> load) => new(load, static function => Get((Func<Task<T>>)function));

    public static JobBody OfValue<T>(Func<CancellationToken, Task<T>> load) => new(load, static function => Get((Func<CancellationToken, Task<T>>)function), TakesToken: true);

    private static Func<OutputPaths, CancellationToken, ValueTask<object?>> Do(Action<string> action) => (paths, _) => DoAsync(action, paths[0]);

    private static Func<OutputPaths, CancellationToken, ValueTask<object?>> Do(Action<string, CancellationToken> action) => (paths, token) =>
    {
        action(paths[0], token);
        return default;
    };

    private static Func<OutputPaths, CancellationToken, ValueTask<object?>> Do(Func<string, Task> action) => (paths, _) => AfterAsync(action(paths[0]));

    private static Func<OutputPaths, CancellationToken, ValueTask<object?>> Do(Func<string, CancellationToken, Task> action) => (paths, token) => AfterAsync(action(paths[0], token));

    private static Func<OutputPaths, CancellationToken, ValueTask<object?>> Do(Action<OutputPaths> action) => (paths, _) => DoAsync(action, paths);

    private static Func<OutputPaths, CancellationToken, ValueTask<object?>> Do(Action<OutputPaths, CancellationToken> action) => (paths, token) =>
    {
        action(paths, token);
        return default;
    };

    private static Func<OutputPaths, CancellationToken, ValueTask<object?>> Do(Func<OutputPaths, Task> action) => (paths, _) => AfterAsync(action(paths));

    private static Func<OutputPaths, CancellationToken, ValueTask<object?>> Do(Func<OutputPaths, CancellationToken, Task> action) => (paths, token) => AfterAsync(action(paths, token));

    private static Func<OutputPaths, CancellationToken, ValueTask<object?>> Do(Action action) => (_, _) =>
    {
        action();
        return default;
    };

    private static Func<OutputPaths, CancellationToken, ValueTask<object?>> Do(Func<Task> action) => (_, _) => AfterAsync(action());

    private static Func<OutputPaths, CancellationToken, ValueTask<object?>> Get<T>(Func<T> load) => (_, _) => new ValueTask<object?>(load());

    private static Func<OutputPaths, CancellationToken, ValueTask<object?>> Get<T>(Func<Task<T>> load) => async (_, _) => await load().ConfigureAwait(false);

    private static Func<OutputPaths, CancellationToken, ValueTask<object?>> Get<T>(Func<CancellationToken, Task<T>> load) => async (_, token) => await load(token).ConfigureAwait(false);

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
