namespace Leat.Jobs;

/// <summary>
/// Threads for actions, which may block for as long as they like; the thread pool's few are not for them. One that has nothing to do waits
/// for the next action, because to start a thread takes longer than many an action does.
/// </summary>
internal sealed class ActionThreads : IDisposable
{
    private readonly Lock gate = new();
    private readonly Stack<Worker> idle = [];
    private bool disposed;

    /// <summary>Runs something on a thread that it has for itself until it returns; it must not throw.</summary>
    public void Run(IThreadPoolWorkItem work)
    {
        Worker? worker;
        lock (gate)
        {
            idle.TryPop(out worker);
        }

        (worker ?? new Worker(this)).Give(work);
    }

    /// <summary>Ends the threads that have nothing to do, and the others when they have not.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            disposed = true;
            foreach (Worker worker in idle) worker.Give(work: null);
            idle.Clear();
        }
    }

    // False when no more comes.
    private bool Rest(Worker worker)
    {
        lock (gate)
        {
            if (disposed) return false;
            idle.Push(worker);
            return true;
        }
    }

    private sealed class Worker
    {
        private readonly ActionThreads owner;
        private readonly SemaphoreSlim given = new(0);
        private IThreadPoolWorkItem? work;

        public Worker(ActionThreads owner)
        {
            this.owner = owner;
            new Thread(Loop) { IsBackground = true, Name = "leat action" }.UnsafeStart();
        }

        public void Give(IThreadPoolWorkItem? work)
        {
            this.work = work;
            given.Release();
        }

        private void Loop()
        {
            do
            {
                given.Wait();
                if (work is null) break;
                work.Execute();
                work = null;
            }
            while (owner.Rest(this));
            given.Dispose();
        }
    }
}
