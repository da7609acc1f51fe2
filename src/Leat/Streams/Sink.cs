using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Leat.Encoding;
using Leat.Streams;

namespace Leat;

/// <summary>Where the items of a pipe end up. A sink is a declaration; a run opens it.</summary>
/// <typeparam name="T">The type of the items.</typeparam>
[StaysHere("a sink is written by the program that declared it; give items back as results, and let these go to the sink")]
[DebuggerDisplay("{Name,nq}")]
public abstract class Sink<T>
{
    private protected Sink(string name) => Name = name;

    /// <summary>The sink's name in errors, statistics and drawings.</summary>
    public string Name { get; }

    /// <summary>Ends a sequence in a sink.</summary>
    public static Pipe operator |(IEnumerable<T> input, Sink<T> sink) => Source.From(input).To(sink);

    /// <summary>Ends a sequence in a sink.</summary>
    public static Pipe operator |(IAsyncEnumerable<T> input, Sink<T> sink) => Source.From(input).To(sink);

    /// <summary>Ends a channel in a sink.</summary>
    public static Pipe operator |(ChannelReader<T> input, Sink<T> sink) => Source.From(input).To(sink);

    /// <summary>The sink's name.</summary>
    public override string ToString() => Name;

    /// <summary>Opens the sink for one run.</summary>
    internal abstract SinkWriter<T> Open();
}

/// <summary>Makes sinks.</summary>
public static partial class Sink
{
    /// <summary>Drops every item: for pipes that are run for what their stages do.</summary>
    public static Sink<T> None<T>() => new DelegateSink<T>("None", () => new NoneWriter<T>());

    /// <summary>Does something with every item, one after the other.</summary>
    /// <param name="action">What to do.</param>
    public static Sink<T> ForEach<T>(Action<T> action) =>
        new DelegateSink<T>("ForEach", () => new ActionWriter<T>((item, _) =>
        {
            action(item);
            return ValueTask.CompletedTask;
        }));

    /// <inheritdoc cref="ForEach{T}(Action{T})"/>
    public static Sink<T> ForEach<T>(Func<T, Task> action) => ForEach((T item, CancellationToken _) => new ValueTask(action(item)));

    /// <inheritdoc cref="ForEach{T}(Action{T})"/>
    public static Sink<T> ForEach<T>(Func<T, CancellationToken, Task> action) =>
        ForEach((T item, CancellationToken token) => new ValueTask(action(item, token)));

    /// <inheritdoc cref="ForEach{T}(Action{T})"/>
    [OverloadResolutionPriority(1)]
    public static Sink<T> ForEach<T>(Func<T, ValueTask> action) => ForEach((T item, CancellationToken _) => action(item));

    /// <inheritdoc cref="ForEach{T}(Action{T})"/>
    [OverloadResolutionPriority(1)]
    public static Sink<T> ForEach<T>(Func<T, CancellationToken, ValueTask> action) =>
        new DelegateSink<T>("ForEach", () => new ActionWriter<T>(action));

    /// <summary>
    /// Writes every item to a channel, waiting while that is full, and completes it when the run ends: with the run's
    /// exception if it failed. That is the last thing a run does: its files are in their places then.
    /// </summary>
    /// <param name="writer">The channel's writing end.</param>
    public static Sink<T> Channel<T>(ChannelWriter<T> writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        return new DelegateSink<T>("Channel", () => new ChannelSinkWriter<T>(writer));
    }
}
