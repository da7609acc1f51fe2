using System.Collections.Concurrent;

namespace Leat.Shell;

/// <summary>The events that wait for being shown. The run adds to it in no time, whatever the display does.</summary>
/// <param name="wants">Which of them are shown; the others are not kept.</param>
internal sealed class RunFeed(Func<JobEvent, bool> wants)
{
    private readonly ConcurrentQueue<JobEvent> events = new();

    public void Add(JobEvent each)
    {
        if (wants(each)) events.Enqueue(each);
    }

    public bool TryTake([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out JobEvent? each) => events.TryDequeue(out each);
}
