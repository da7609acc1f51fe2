namespace Leat.Storage;

/// <summary>The synchronous edge, for those who can't wait otherwise.</summary>
internal static class Blocking
{
    /// <summary>The result, which is often there at once.</summary>
    public static T ResultOf<T>(ValueTask<T> task)
    {
#pragma warning disable VSTHRD002, RS0030, CA2012 // The caller is synchronous, and asked to be blocked.
        return task.IsCompleted ? task.GetAwaiter().GetResult() : task.AsTask().GetAwaiter().GetResult();
#pragma warning restore VSTHRD002, RS0030, CA2012
    }

    /// <summary>Waits for the end.</summary>
    public static void Await(ValueTask task) => ResultOf(EndOfAsync(task));

    private static async ValueTask<bool> EndOfAsync(ValueTask task)
    {
        await task.ConfigureAwait(false);
        return true;
    }
}
