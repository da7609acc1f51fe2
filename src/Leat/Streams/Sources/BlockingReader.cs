namespace Leat.Streams;

/// <summary>
/// Reads a stream whose reads block, on a thread of its own: a read that nobody waits for any more must not keep one
/// of the pool's threads for ever. The thread ends with the stream, with <see cref="Rest"/> or with the program.
/// </summary>
internal sealed class BlockingReader(Stream stream)
{
    // A Lock can't be waited on for a change of what it guards.
    private readonly object gate = new();
    private TaskCompletionSource<int>? request;
    private Memory<byte> buffer;
    private bool running;
    private bool resting;

    /// <summary>Reads into a buffer; one read at a time. 0 at the end of the stream.</summary>
    public Task<int> ReadAsync(Memory<byte> into)
    {
        var promise = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            buffer = into;
            resting = false;
            request = promise;
            Monitor.Pulse(gate);
            if (!running)
            {
                running = true;
                new Thread(Loop) { IsBackground = true, Name = "leat input" }.UnsafeStart();
            }
        }

        return promise.Task;
    }

    /// <summary>Ends the thread, once it has ended a read that is under way; the next read starts another.</summary>
    public void Rest()
    {
        lock (gate)
        {
            resting = true;
            Monitor.Pulse(gate);
        }
    }

    private void Loop()
    {
        while (TakeRequest() is { } promise && TryAnswer(promise))
        {
        }
    }

    // Null when the thread shall end.
    private TaskCompletionSource<int>? TakeRequest()
    {
        lock (gate)
        {
            while (request is null && !resting)
            {
                Monitor.Wait(gate);
            }

            TaskCompletionSource<int>? taken = request;
            running = taken is not null;
            request = null;
            return taken;
        }
    }

    // False at the end; who reads on all the same gets another thread.
    private bool TryAnswer(TaskCompletionSource<int> promise)
    {
        int count = 0;
        Exception? error = null;
        try
        {
            count = stream.Read(buffer.Span);
        }
        catch (Exception thrown)
        {
            error = thrown;
        }

        if (count == 0)
        {
            lock (gate)
            {
                running = false;
            }
        }

        if (error is null)
        {
            promise.SetResult(count);
        }
        else
        {
            promise.SetException(error);
        }

        return count > 0;
    }
}
