using System.Collections.Concurrent;
using Leat.Encoding;
using Leat.Pools;

namespace Leat.Jobs;

/// <summary>The files of one machine on which this program's jobs run, and the process there that keeps them. Contents are sent once.</summary>
/// <param name="source">The pool of the machine.</param>
/// <param name="host">The name of the machine.</param>
internal sealed class HostFiles(ProcessPool source, string host) : IAsyncDisposable
{
    private readonly ProcessPool pool = source.OpenSibling();
    private readonly ConcurrentDictionary<Digest, Task> sending = [];
    private readonly Lock gate = new();
    private readonly List<Task<HostView>> left = [];
    private Task<HostView>? shared;

    public string Host => host;

    /// <summary>Begins something for one job.</summary>
    public HostTransfer Begin() => new(this, pool);

    /// <summary>The one folder for all jobs that run in the process that has loaded data.</summary>
    public Task<HostView> SharedViewAsync()
    {
        lock (gate)
        {
            if (shared is null or { IsFaulted: true } or { IsCanceled: true }) shared = OpenSharedAsync();
            return shared;
        }
    }

    /// <summary>The machine was lost, or can't work: what was on it is not used again.</summary>
    public void Forget()
    {
        lock (gate)
        {
            if (shared is not null) left.Add(shared);
            shared = null;
        }
    }

    /// <summary>Takes those of some contents that nobody is sending. They are the caller's to send, who then says that they are <see cref="Sent"/>.</summary>
    /// <param name="contents">The contents.</param>
    /// <param name="others">Completes when all of those that others are sending were sent, or could not be.</param>
    /// <returns>What was taken.</returns>
    public IReadOnlyDictionary<Digest, TaskCompletionSource> Claim(IEnumerable<Digest> contents, out Task others)
    {
        var own = new Dictionary<Digest, TaskCompletionSource>();
        List<Task> waits = [];
        foreach (Digest content in contents.Distinct())
        {
            var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Task first = sending.GetOrAdd(content, end.Task);
            if (first == end.Task) own.Add(content, end);
            else waits.Add(first);
        }

        others = Task.WhenAll(waits);
        return own;
    }

    /// <summary>What was taken was sent, or can't be.</summary>
    public void Sent(IReadOnlyDictionary<Digest, TaskCompletionSource> contents)
    {
        foreach ((Digest content, TaskCompletionSource end) in contents)
        {
            sending.TryRemove(content, out _);
            end.SetResult();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task<HostView>? last;
        Task<HostView>[] former;
        lock (gate) (last, former) = (shared, [.. left]);
        await Task.WhenAll([RemoveAsync(last, isHasty: false), .. former.Select(view => RemoveAsync(view, isHasty: true))]).ConfigureAwait(false);
        await pool.DisposeAsync().ConfigureAwait(false);
    }

    private async Task RemoveAsync(Task<HostView>? view, bool isHasty)
    {
        if (view is not { IsCompletedSuccessfully: true }) return;
        HostTransfer transfer = Begin();
        await using (transfer.ConfigureAwait(false)) await transfer.RemoveAsync(await view.ConfigureAwait(false), isHasty).ConfigureAwait(false);
    }

    private async Task<HostView> OpenSharedAsync()
    {
        HostTransfer transfer = Begin();
        await using (transfer.ConfigureAwait(false)) return await transfer.OpenAsync(CancellationToken.None).ConfigureAwait(false);
    }
}
