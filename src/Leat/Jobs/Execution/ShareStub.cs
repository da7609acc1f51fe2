namespace Leat.Pools;
internal sealed class CoreLease : IAsyncDisposable { public ValueTask DisposeAsync() => default; }
internal sealed class CoreShare : IAsyncDisposable { public string? Waiting => null; public static CoreShare Open(CoreShareOptions o) => new(); public ValueTask<CoreLease> TakeAsync(int c, long m, CancellationToken t) => new(new CoreLease()); public ValueTask DisposeAsync() => default; }
internal sealed record CoreShareOptions { public bool IsOn; public int? Cores; public long? Memory; public Action<string>? Tell; }
