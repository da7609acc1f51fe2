using System.Runtime.CompilerServices;
using Leat.Pools;

namespace Leat.Tests.Pools;

/// <summary>Pools that end with another one, and may end before it.</summary>
public sealed class SiblingsTests
{
    [Fact]
    public async Task Those_that_have_ended_are_not_kept()
    {
        await using var pool = (ProcessPool)Pool.Processes(1);
        var siblings = new List<WeakReference>();
        for (int i = 0; i < 20; i++) siblings.Add(await OpenAndEndAsync(pool));
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();

        // The last one may still be on the stack.
        Assert.InRange(siblings.Count(each => each.IsAlive), 0, 1);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference> OpenAndEndAsync(ProcessPool pool)
    {
        ProcessPool sibling = pool.OpenSibling();
        await sibling.DisposeAsync();
        return new WeakReference(sibling);
    }
}
