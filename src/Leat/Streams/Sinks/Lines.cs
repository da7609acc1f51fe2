using System.Buffers;
using System.Text;
using Leat.Streams;

namespace Leat;

public static partial class Sink
{
    /// <summary>
    /// Writes every item as a line to a text file, in UTF-8 without a byte order mark, with <c>\n</c> behind each. The
    /// file is in its place only when the run has ended well: until then it is written under a temporary name beside it,
    /// and what was there before stays. A run that fails or is cancelled leaves nothing behind.
    /// </summary>
    /// <param name="path">
    /// The file; it is compressed with gzip if the name ends in <c>.gz</c>. Folders above it are made where they are
    /// missing. Of two runs of one process that write it at the same time, the second fails; of two processes, the one that
    /// ends last has the last word.
    /// </param>
    /// <exception cref="ArgumentException">The path is empty, or names a folder.</exception>
    public static Sink<string> Lines(string path)
    {
        SinkFile.CheckPath(path);
        return new DelegateSink<string>($"{nameof(Lines)}({Path.GetFileName(path)})", () => new FileWriter<string>(path, LineEncoder.Encode));
    }

    /// <summary>
    /// Writes every item as a line, and flushes the writer whenever no item is at hand. The writer stays open.
    /// </summary>
    /// <param name="writer">The writer, such as <see cref="Console.Out"/>; used by one run at a time.</param>
    public static Sink<string> Lines(TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        return new DelegateSink<string>(nameof(Lines), () => new TextLineWriter(writer));
    }
}

/// <summary>Makes bytes of lines.</summary>
internal static class LineEncoder
{
    public static void Encode(string line, IBufferWriter<byte> to)
    {
        System.Text.Encoding.UTF8.GetBytes(line, to);
        to.Write("\n"u8);
    }
}

/// <summary>Writes lines to a text writer of the author's.</summary>
internal sealed class TextLineWriter(TextWriter writer) : SinkWriter<string>
{
    public override ValueTask WriteAsync(string item, CancellationToken cancellationToken) =>
        new(writer.WriteLineAsync(item.AsMemory(), cancellationToken));

    public override ValueTask FlushAsync() => new(writer.FlushAsync());
}
