namespace Leat.Calls;

/// <summary>A node that calls a function, as those see it who make the calls.</summary>
internal abstract class CallingNode(Arguments arguments)
{
    public Arguments Arguments => arguments;

    /// <summary>The node whose elements the results are.</summary>
    public abstract CallNode Node { get; }

    public abstract CallOptions Options { get; }

    /// <summary>True while it waits with calls in an executor's queue.</summary>
    public bool IsQueued { get; set; }

    /// <summary>True when a call can be taken.</summary>
    public abstract bool HasNext { get; }

    /// <summary>The value of an argument; it is at hand.</summary>
    public T ArgumentOf<T>(int input, int slot) => ((CallNode<T>)arguments.Inputs[input]).ValueOf(slot);

    /// <summary>Takes the next call; false when there is none. Calls whose arguments have failed fail here. Under the gate.</summary>
    public abstract bool TryTake(CallSite site);

    /// <summary>A call that was taken is to be made again. Under the gate.</summary>
    public abstract void TakeAgain(int slot);

    /// <summary>Makes a call here; the task does not fail, and is done when the call has ended.</summary>
    public abstract Task ExecuteAsync(CallSite site);

    /// <summary>Makes calls in another process; the task does not fail, and is done when all have ended.</summary>
    public abstract Task ExecuteRemotelyAsync(List<CallSite> sites);

    /// <summary>How many calls should be given to another process at once.</summary>
    public abstract int Handful { get; }

    /// <summary>A call can't be made, or has failed.</summary>
    public abstract void Fail(CallSite site, Exception error);

    /// <summary>Leaves a call behind that does not return.</summary>
    public abstract void Abandon(CallSite site, Exception error);
}
