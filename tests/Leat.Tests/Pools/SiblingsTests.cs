using System.Runtime.CompilerServices;
using Leat.Pools;

namespace Leat.Tests.Pools;

/// <summary>Pools that end with another one, and may end before it.</summary>
public sealed class SiblingsTests
{
    [Fact]
    public async Task One_that_has_ended_is_not_kept()
    {
        await using var pool = (ProcessPool)Pool.Processes(1);
        WeakReference sibling = await OpenAndEndAsync(pool);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.False(sibling.IsAlive);
    }

    [Fact]
    public async Task It_ends_with_the_pool()
    {
        ProcessPool sibling;
        await using (var pool = (ProcessPool)Pool.Processes(1)) sibling = pool.OpenSibling();
        Assert.Throws<ObjectDisposedException>(sibling.OpenSibling);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference> OpenAndEndAsync(ProcessPool pool)
    {
        ProcessPool sibling = pool.OpenSibling();
        await sibling.DisposeAsync();
        return new WeakReference(sibling);
    }
}
