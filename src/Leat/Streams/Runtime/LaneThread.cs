namespace Leat.Streams;

/// <summary>A thread of one lane's own: it runs the lane's work whenever it is signalled, until it is disposed.</summary>
internal sealed class LaneThread : IDisposable
{
    public const string Name = "leat worker";

    private readonly SemaphoreSlim signals = new(0);
    private readonly Action work;
    private volatile bool ended;

    public LaneThread(Action work) => this.work = work;

    public void Start() => new Thread(Loop) { IsBackground = true, Name = Name }.UnsafeStart();

    public void Signal() => signals.Release();

    // The thread may be in the middle of its lane's last piece of work: it ends behind that. The semaphore holds
    // no handle as long as nobody asks for one, so it needs no disposal that would race with the loop.
    public void Dispose()
    {
        ended = true;
        signals.Release();
    }

    private void Loop()
    {
        while (!ended)
        {
            signals.Wait();
            work();
        }
    }
}
