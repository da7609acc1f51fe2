namespace Leat.Storage;

/// <summary>The synchronous edge, for those who have wrapped a synchronous function.</summary>
internal static class Blocking
{
    /// <summary>The result, which is there at once unless an equal call is under way.</summary>
    public static T ResultOf<T>(ValueTask<T> task)
    {
#pragma warning disable VSTHRD002, RS0030, CA2012 // The caller's function is synchronous, so the caller asked to be blocked.
        return task.IsCompleted ? task.GetAwaiter().GetResult() : task.AsTask().GetAwaiter().GetResult();
#pragma warning restore VSTHRD002, RS0030, CA2012
    }
}
