namespace Leat.Streams;

/// <summary>A sink at work: it takes every item of its input.</summary>
internal sealed class SinkNode<T> : Node, IRunEnd
{
    private readonly Sink<T> sink;
    private readonly Link<T> input;
    private readonly Worker worker;
    private SinkWriter<T>? writer;

    public SinkNode(Run run, string name, Sink<T> sink, Link<T> input)
        : base(run, name)
    {
        this.sink = sink;
        this.input = input;
        worker = new Worker(run);
        run.Ends.Add(this);
    }

    protected override void LaunchAll() => Launch(worker, WorkAsync);

    public override bool NeedsBeat => base.NeedsBeat || (!worker.HasEnded && worker.Busy);

    public bool EndsLast => writer is { EndsLast: true };

    public Task PrepareAsync() => writer?.PrepareAsync().AsTask() ?? Task.CompletedTask;

    public async Task EndAsync(bool well)
    {
        if (writer is not null)
        {
            await writer.EndAsync(well, Run.Outcome(default)).ConfigureAwait(false);
        }
    }

    protected override void CloseInputs() => input.Close();

    private async Task WorkAsync()
    {
        // Opened here and not at the declaration: a sink that can't be opened fails its run.
        worker.Busy = true;
        writer = sink.Open();
        worker.Busy = false;
        var reader = new LinkReader<T>(input, worker.Lane, worker);
        try
        {
            while (await MoveNextAsync(reader).ConfigureAwait(false))
            {
                if (!reader.IsClean && reader.Failure is { } carried)
                {
                    Run.RecordCarried(carried);
                    continue;
                }

                if (writer.DropsAll)
                {
                    reader.SkipToLast();
                }
                else if (!await TryWriteAsync(writer, reader).ConfigureAwait(false))
                {
                    return;
                }
            }

            await writer.FlushAsync().ConfigureAwait(false);
        }
        finally
        {
            worker.In = reader.Read;
        }
    }

    private ValueTask<bool> MoveNextAsync(LinkReader<T> reader) =>
        reader.TryMoveNext() ? new ValueTask<bool>(true) : WaitAsync(reader);

    private async ValueTask<bool> WaitAsync(LinkReader<T> reader)
    {
        await writer!.FlushAsync().ConfigureAwait(false);
        worker.Busy = false;
        bool more = await reader.MoveNextAsync().ConfigureAwait(false);
        worker.Busy = more;
        return more;
    }

    // No state machine for a write that is done at once.
    private ValueTask<bool> TryWriteAsync(SinkWriter<T> open, LinkReader<T> reader)
    {
        ValueTask write;
        try
        {
            write = open.WriteAsync(reader.Current, Token);
        }
        catch (Exception error) when (!IsCancelled)
        {
            return new ValueTask<bool>(Fail(reader, error));
        }

        return write == default ? new ValueTask<bool>(true) : FinishWriteAsync(write, reader);
    }

    private async ValueTask<bool> FinishWriteAsync(ValueTask write, LinkReader<T> reader)
    {
        try
        {
            await write.ConfigureAwait(false);
            return true;
        }
        catch (Exception error) when (!IsCancelled)
        {
            return Fail(reader, error);
        }
    }

    private bool Fail(LinkReader<T> reader, Exception error)
    {
        worker.CountFailure();
        Run.Fail(this, new ItemFailure(Name, reader.Number, reader.Current, error));
        return false;
    }
}
