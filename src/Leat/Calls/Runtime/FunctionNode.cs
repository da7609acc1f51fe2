using System.Diagnostics;
using Leat.Storage;

namespace Leat.Calls;

/// <summary>Calls of a function: an element for each.</summary>
internal sealed partial class FunctionNode<TOut> : CallNode<TOut>, ICachedNode
{
    private readonly CallFunction<TOut> function;
    private readonly Caller caller;
    private readonly Arguments arguments;
    private readonly CallLog log;
    private readonly Executor executor;

    // Calls that are to be made again, and how often each has failed.
    private readonly Queue<int> again = [];
    private readonly Dictionary<int, int> attempts = [];
    private int openInputs;
    private bool mayBeLost;

    // 1 when an element stands for what is wrong with the inputs.
    private int misfits;

    public FunctionNode(Evaluation run, CallFunction<TOut> function, CallShape shape, CallNode[] inputs)
        : base(run, function.Name, inputs)
    {
        this.function = function;
        log = new CallLog(function.Name, keepsLines: !run.IsStreaming);
        arguments = Arguments.Of(shape, inputs, this);
        Space = arguments.Space;
        openInputs = inputs.Length;
        executor = run.ExecutorOf(function.Options.Pool);
        if (executor is ProcessExecutor && function.Options.Pool is null) function.CheckPortable();
        identity = function.Options.Cache is null ? null : run.IdentityOf(function);
        caller = new Caller(this);
        foreach (CallNode input in inputs)
        {
            if (shape == CallShape.Product) input.LastingUsers++;
            else input.SingleUsers++;
        }

        if (Cache is not null) run.Hold(Cache);
        run.Logs.Add((this, log));
    }

    public Cache? Cache => function.Options.Cache;

    public override bool CallsFunction => true;

    public override string DescribeArguments(int slot)
    {
        var slots = new int[Inputs.Length];
        lock (Run.Gate)
        {
            if (slot >= arguments.Slots) return "";
            arguments.Find(slot, slots);
        }

        return string.Join(", ", Inputs.Select((input, i) => input.Describe(slots[i])));
    }

    public override void OnElement(int input, int slot)
    {
        arguments.OnElement(input, slot);
        Update();
    }

    public override void OnMoved()
    {
        arguments.OnMoved();
        Update();
        Run.TellMoved(this);
    }

    public override void OnInputEnded(int input)
    {
        if (--openInputs == 0 && !IsWhole) EndInputs();
        else Update();
    }

    private void EndInputs()
    {
        Exception? mismatch = arguments.End();
        if (arguments.Slots != Slots) Grow(arguments.Slots);
        if (caller.HasNext) executor.Add(caller);
        if (mismatch is not null)
        {
            misfits = 1;
            Grow(Slots + 1);
            var failure = new CallFailure(this, Slots - 1, mismatch);
            Run.NoteFailure(failure);
            log.Note(Slots - 1, CallOrigin.Failed, 0, 0);
            Fail(Slots - 1, failure);
        }

        IsWhole = true;
        Run.EndIfDue(this);
    }

    protected override void OnEnded()
    {
        if (arguments is ProductArguments && !mayBeLost)
        {
            foreach (CallNode input in Inputs) input.ReleaseAll();
        }
    }

    private void Update()
    {
        if (arguments.Slots + misfits != Slots) Grow(arguments.Slots + misfits);
        if (caller.HasNext) executor.Add(caller);
        if (!IsWhole && arguments.IsSettled) EndInputs();
    }

    // Under the gate.
    private bool TryTake(CallSite site)
    {
        while (caller.HasNext)
        {
            int slot = again.Count > 0 ? again.Dequeue() : arguments.Take();
            site.Set(caller, slot);
            arguments.Find(slot, site.Slots);
            if (FailureOfArguments(site) is not { } failure) return true;
            log.Note(slot, CallOrigin.NotRun, 0, 0);
            Fail(slot, failure);
            arguments.Release(slot);
            Run.WantsPump = true;
            Run.Drain();
        }

        return false;
    }

    private CallFailure? FailureOfArguments(CallSite site)
    {
        for (int input = 0; input < Inputs.Length; input++)
        {
            if (Inputs[input].FailureOf(site.Slots[input]) is { } failure) return failure;
        }

        return null;
    }

    // Gets all arguments at hand; if one is lost, the call waits until it was computed again.
    private bool TryResolve(CallSite site)
    {
        for (int input = 0; input < Inputs.Length; input++)
        {
            if (Inputs[input].TryResolve(site.Slots[input], out (CallNode Node, int Slot) lost)) continue;
            Revive(lost, site);
            return false;
        }

        return true;
    }

    private void Revive((CallNode Node, int Slot) lost, CallSite site)
    {
        if (!site.TryEnd()) return;
        site.Flight?.GiveUp();
        lock (Run.Gate)
        {
            lost.Node.Revive(lost.Slot, site);
            Run.Drain();
        }

        Run.Pump();
    }

    private void Finish(CallSite site, TOut value, EncodedValue? form, CallOrigin origin, TimeSpan time)
    {
        if (!site.TryEnd()) return;
        if (form is not null) site.Flight?.Complete(form);
        lock (Run.Gate)
        {
            Note(site, origin, time);
            if (IsOpen(site.Slot))
            {
                Complete(site.Slot, value, form);
                arguments.Release(site.Slot);
            }

            Run.Drain();
        }

        Run.Pump();
    }

    // Only with its bytes. What may still be lost keeps its arguments, of which it could be computed again.
    private void FinishEncoded(CallSite site, object form, CallOrigin origin, TimeSpan time)
    {
        if (!site.TryEnd()) return;
        if (form is EncodedValue encoded) site.Flight?.Complete(encoded);
        else site.Flight?.GiveUp();
        lock (Run.Gate)
        {
            Note(site, origin, time);
            if (IsOpen(site.Slot))
            {
                CompleteEncoded(site.Slot, form);
                if (form is CachedValue { IsAtHand: false }) mayBeLost = true;
                else arguments.Release(site.Slot);
            }

            Run.Drain();
        }

        Run.Pump();
    }

    private void FailOrRetry(CallSite site, Exception error)
    {
        if (!site.TryEnd()) return;
        object?[] values = ArgumentsForPeople(site);
        bool isOver = true;
        lock (Run.Gate)
        {
            if (!Run.IsCancelled)
            {
                int failed = attempts[site.Slot] = attempts.GetValueOrDefault(site.Slot) + 1;
                isOver = failed > function.Options.Retries || error is WorkerLostException;
                if (!isOver)
                {
                    TakeAgain(site.Slot);
                }
                else if (IsOpen(site.Slot))
                {
                    Note(site, CallOrigin.Failed, Stopwatch.GetElapsedTime(site.Started));
                    var failure = new CallFailure(this, site.Slot, error) { Attempts = failed, Arguments = values.Length == 1 ? values[0] : values };
                    Run.NoteFailure(failure);
                    Fail(site.Slot, failure);
                    arguments.Release(site.Slot);
                }
            }

            Run.Drain();
        }

        // Those who wait for it fail with it, unless the reason is this run's own: its end, its timeout, its workers.
        if (isOver && !Run.IsCancelled && error is not (TimeoutException or WorkerLostException or ObjectDisposedException)) site.Flight?.Fail(error);
        else site.Flight?.GiveUp();
        Run.Pump();
    }

    // Codecs of the author's may throw here what the call has failed with.
    private object?[] ArgumentsForPeople(CallSite site)
    {
        try
        {
            return [.. Inputs.Select((input, i) => input.ValueOrNull(site.Slots[i]) ?? input.Describe(site.Slots[i]))];
        }
        catch (Exception)
        {
            return new object?[Inputs.Length];
        }
    }

    private void TakeAgain(int slot)
    {
        again.Enqueue(slot);
        Update();
    }

    private bool IsOpen(int slot) => StateOf(slot) == CellState.Pending;

    private void Note(CallSite site, CallOrigin origin, TimeSpan time) =>
        log.Note(site.Slot, origin, site.Started == 0 ? Stopwatch.GetTimestamp() : site.Started, time.Ticks);

    private sealed class Caller(FunctionNode<TOut> node) : CallingNode(node.arguments)
    {
        public override CallNode Node => node;

        public override CallOptions Options => node.function.Options;

        public override bool HasNext => node.again.Count > 0 || node.arguments.HasNext;

        public override bool TryTake(CallSite site) => node.TryTake(site);

        public override void TakeAgain(int slot) => node.TakeAgain(slot);

        public override Task ExecuteAsync(CallSite site) => node.ExecuteAsync(site);

        public override Task ExecuteRemotelyAsync(List<CallSite> sites) => node.ExecuteRemotelyAsync(sites);

        public override int Handful => node.Handful;

        public override void Fail(CallSite site, Exception error) => node.FailOrRetry(site, error);

        public override void Abandon(CallSite site, Exception error)
        {
            if (site.HasEnded) return;
            site.Worker?.LeaveBehind(site);
            node.FailOrRetry(site, error);
        }
    }
}
