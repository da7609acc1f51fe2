using System.Threading.Channels;

namespace Leat.Streams;

/// <summary>A sink that one run has opened.</summary>
internal abstract class SinkWriter<T>
{
    /// <summary>True when the items need not even be looked at.</summary>
    public virtual bool DropsAll => false;

    public abstract ValueTask WriteAsync(T item, CancellationToken cancellationToken);

    /// <summary>Called when no item is at hand, and at the end.</summary>
    public virtual ValueTask FlushAsync() => ValueTask.CompletedTask;

    /// <summary>True for what tells others of the run's end, and so must come behind all that belongs to the end.</summary>
    public virtual bool EndsLast => false;

    /// <summary>Called when the run has ended well so far: does all that can fail before anything is put in its place.</summary>
    public virtual ValueTask PrepareAsync() => ValueTask.CompletedTask;

    /// <summary>Called when the run has ended: keeps what was written if it ended <paramref name="well"/>, else removes it.</summary>
    public virtual ValueTask EndAsync(bool well, Exception? error) => ValueTask.CompletedTask;
}

/// <summary>A sink whose writer is made by a function.</summary>
internal sealed class DelegateSink<T>(string name, Func<SinkWriter<T>> open) : Sink<T>(name)
{
    internal override SinkWriter<T> Open() => open();
}

internal sealed class NoneWriter<T> : SinkWriter<T>
{
    public override bool DropsAll => true;

    public override ValueTask WriteAsync(T item, CancellationToken cancellationToken) => ValueTask.CompletedTask;
}

internal sealed class ActionWriter<T>(Func<T, CancellationToken, ValueTask> action) : SinkWriter<T>
{
    public override ValueTask WriteAsync(T item, CancellationToken cancellationToken) => action(item, cancellationToken);
}

internal sealed class ChannelSinkWriter<T>(ChannelWriter<T> writer) : SinkWriter<T>
{
    public override bool EndsLast => true;

    public override ValueTask WriteAsync(T item, CancellationToken cancellationToken) => writer.WriteAsync(item, cancellationToken);

    public override ValueTask EndAsync(bool well, Exception? error)
    {
        writer.TryComplete(well ? null : error);
        return ValueTask.CompletedTask;
    }
}
