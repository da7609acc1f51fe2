using System.Collections.Concurrent;

namespace Leat.Jobs;

/// <summary>What was loaded in one process. Everything is loaded once, by whoever needs it first; others wait for it. What can't be loaded, as often as its job says, is not tried again.</summary>
internal sealed class LoadedValues : IDisposable
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Task> loads = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource ending = new();

    /// <summary>The values, by the names of their jobs, for <see cref="JobScope"/>s.</summary>
    public ConcurrentDictionary<string, object> Values { get; } = new(StringComparer.Ordinal);

    /// <summary>Loads what is not loaded yet, one behind the other.</summary>
    /// <param name="steps">What, in an order in which it can be loaded.</param>
    /// <param name="cancellationToken">Ends the wait. What is being loaded goes on, for others may need it.</param>
    /// <exception cref="LeatException">Something can't be loaded.</exception>
    public async Task LoadAsync(IEnumerable<LoadStep> steps, CancellationToken cancellationToken)
    {
        foreach (LoadStep step in steps)
        {
            Task loading;
            lock (gate)
            {
                if (!loads.TryGetValue(step.Id, out loading!)) loads.Add(step.Id, loading = LoadAsync(step));
            }

            await loading.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Lets go of something. Should it be needed again, it is loaded again.</summary>
    public void Unload(string id, Action<object?>? set)
    {
        Task? loading;
        lock (gate)
        {
            loads.Remove(id, out loading);
        }

        // One that is still being loaded would be put in its place behind our back.
        _ = loading?.ContinueWith(_ => Clear(id, set), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    public void Dispose()
    {
        // Not here: what the author has registered may block.
        _ = ending.CancelAsync();
    }

    private void Clear(string id, Action<object?>? set)
    {
        lock (gate)
        {
            if (loads.ContainsKey(id)) return;
            Values.TryRemove(id, out _);
            try
            {
                set?.Invoke(null);
            }
            catch (Exception)
            {
                // A setter that refuses null: what it holds on to is the author's decision then.
            }
        }
    }

    private async Task LoadAsync(LoadStep step)
    {
        for (int failures = 1; ; failures++)
        {
            try
            {
                await StartAsync(step).ConfigureAwait(false);
                return;
            }
            catch (LeatException) when (failures <= step.Tries.Retries && !ending.IsCancellationRequested)
            {
                await Task.Delay(step.Tries.DelayBehind(failures), TimeProvider.System, ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    // On a thread of its own: authors' code may block.
    private Task StartAsync(LoadStep step) => Task.Factory
        .StartNew(() => TryAsync(step), CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default)
        .Unwrap();

    private async Task TryAsync(LoadStep step)
    {
        try
        {
            JobScope.Enter(new JobScope(step.Id, step.Inputs, Values));
            object value = await InTimeAsync(step).ConfigureAwait(false) ?? throw JobErrors.NoValue(step.Id);
            if (step.Set is null) Values[step.Id] = value;
            else step.Set(value);
        }
        catch (Exception error)
        {
            Exception cause = error is System.Reflection.TargetInvocationException { InnerException: { } inner } ? inner : error;
            throw ExecutionErrors.NotLoaded(step.Id, cause);
        }
    }

    private async Task<object?> InTimeAsync(LoadStep step)
    {
        if (step.Tries.Timeout is not { } timeout) return await step.Load(OutputPaths.None, ending.Token).ConfigureAwait(false);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ending.Token);
        Task<object?> loading = Task.Factory
            .StartNew(() => step.Load(OutputPaths.None, limit.Token).AsTask(), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
            .Unwrap();
        try
        {
            return await loading.WaitAsync(timeout, TimeProvider.System).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!loading.IsCompleted)
        {
            // What does not listen to its token is left behind: nobody may have to wait for it.
            await limit.CancelAsync().ConfigureAwait(false);
            throw ExecutionErrors.TooLong(step.Id, timeout);
        }
    }
}
