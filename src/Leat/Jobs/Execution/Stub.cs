using System.Collections.Concurrent;
using Leat.Jobs;
using Leat.Pools;
namespace Leat.Jobs
{
internal sealed class ThreadsRunner(int size) : ActionRunner
{
    public override int Size => size;
    public override async Task<ActionResult> RunAsync(ActionCall call, CancellationToken cancellationToken)
    {
        try {
            await Task.Yield();
            var values = new ConcurrentDictionary<string, object>();
            foreach (var l in call.Loads) { JobScope.Enter(new JobScope(l.Id.Text, null, values)); values[l.Id.Text] = (await l.Body!.Invoke(OutputPaths.None, default))!; }
            JobScope.Enter(new JobScope(call.Job.Id.Text, call.Inputs, values));
            await call.Job.Body!.Invoke(call.Paths, cancellationToken);
            return new ActionResult(null, TimeSpan.FromMilliseconds(1));
        } catch (Exception e) { return new ActionResult(e, TimeSpan.Zero); }
    }
    public override void Unload(Job load) {}
    public override ValueTask DisposeAsync() => default;
    public Task<ConcurrentDictionary<string, object>> LoadHereAsync(IReadOnlyList<Job> loads, CancellationToken token) => Task.FromResult(new ConcurrentDictionary<string, object>());
}
}
namespace Leat.Pools
{
internal sealed class CoreLease : IAsyncDisposable { public ValueTask DisposeAsync() => default; }
internal sealed class CoreShare : IAsyncDisposable { public string? Waiting => null; public static CoreShare? Open(CoreShareOptions o) => null; public ValueTask<CoreLease> TakeAsync(int c, long m, CancellationToken t) => default; public ValueTask DisposeAsync() => default; }
internal sealed record CoreShareOptions { public int? Cores; public long? Memory; public Action<string>? Tell; }
}
