using System.Threading.Channels;
using Leat.Streams;

namespace Leat;

/// <summary>Makes pipes of what comes from outside. Nothing is opened or read before a run.</summary>
public static partial class Source
{
    /// <summary>The items of a sequence; each run enumerates it anew.</summary>
    /// <param name="items">The sequence. It may block, and it may be endless.</param>
    /// <param name="name">The source's name; "Source" by default.</param>
    public static Pipe<T> From<T>(IEnumerable<T> items, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(items);
        return new EnumerablePipe<T>(name ?? nameof(Source), items);
    }

    /// <summary>The items of an asynchronous sequence; each run enumerates it anew.</summary>
    /// <param name="items">The sequence; its token is cancelled when the source shall end.</param>
    /// <param name="name">The source's name; "Source" by default.</param>
    public static Pipe<T> From<T>(IAsyncEnumerable<T> items, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(items);
        return items as Pipe<T> ?? new AsyncEnumerablePipe<T>(name ?? nameof(Source), items);
    }

    /// <summary>What is written to a channel, until that is completed. What one run has read, another does not get.</summary>
    /// <param name="items">The channel's reading end.</param>
    /// <param name="name">The source's name; "Source" by default.</param>
    public static Pipe<T> From<T>(ChannelReader<T> items, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(items);
        return new AsyncEnumerablePipe<T>(name ?? nameof(Source), items.ReadAllAsync());
    }
}
