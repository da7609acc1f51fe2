using System.Runtime.CompilerServices;

namespace Leat.Calls;

/// <summary>Values of a sequence, which is enumerated no faster than the run has use for them.</summary>
internal sealed class SourceNode<T> : CallNode<T>
{
    private readonly Func<CancellationToken, IAsyncEnumerable<T>> open;

    public SourceNode(Evaluation run, string name, Func<CancellationToken, IAsyncEnumerable<T>> open)
        : base(run, name, [])
    {
        this.open = open;
        Space = new DenseSpace(this);
    }

    public override void Start() => Run.Watch(Task.Run(PullAsync));

    public override void OnElement(int input, int slot)
    {
    }

    public override void OnInputEnded(int input)
    {
    }

    // Nobody needs values of which all users have ended before it, because their inputs do not go together.
    private bool IsWanted
    {
        get
        {
            lock (Run.Gate) return Users.Count == 0 || !Users.TrueForAll(user => user.Node.IsWhole);
        }
    }

    private async Task PullAsync()
    {
        Exception? failure = null;
        try
        {
            IAsyncEnumerator<T> items = open(Run.Token).GetAsyncEnumerator(Run.Token);
            await using ConfiguredAsyncDisposable disposal = items.ConfigureAwait(false);
            while (await Run.WaitForHungerAsync().ConfigureAwait(false) && IsWanted && await items.MoveNextAsync().ConfigureAwait(false))
            {
                T item = items.Current;
                lock (Run.Gate)
                {
                    Grow(Slots + 1);
                    Complete(Slots - 1, item);
                    Run.Drain();
                }

                Run.Pump();
            }
        }
        catch (Exception error)
        {
            failure = error;
        }

        lock (Run.Gate)
        {
            // Cut short, it has no end: nobody may take what there is of it for all.
            if (Run.IsCancelled) return;
            if (failure is not null)
            {
                Grow(Slots + 1);
                var told = new CallFailure(this, Slots - 1, failure);
                Run.NoteFailure(told);
                Fail(Slots - 1, told);
            }

            IsWhole = true;
            Run.EndIfDue(this);
            Run.Drain();
        }

        Run.Pump();
    }
}
