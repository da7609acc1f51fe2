using Leat.Pools;
namespace Leat.Pools
{
internal sealed class CoreLease : IAsyncDisposable { public ValueTask DisposeAsync() => default; }
internal sealed class CoreShare : IAsyncDisposable { public string? Waiting => null; public static CoreShare? Open(CoreShareOptions o) => null; public ValueTask<CoreLease> TakeAsync(int c, long m, CancellationToken t) => default; public ValueTask DisposeAsync() => default; }
internal sealed record CoreShareOptions { public int? Cores; public long? Memory; public Action<string>? Tell; }
}
