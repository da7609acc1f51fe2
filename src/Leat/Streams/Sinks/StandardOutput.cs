using System.Buffers;
using Leat.Streams;
using Microsoft.Win32.SafeHandles;

namespace Leat;

public static partial class Sink
{
    /// <summary>
    /// Writes every item as a line to the program's standard output, in UTF-8, and at once whenever no further item is at
    /// hand. The run fails when the program that reads the output has ended.
    /// </summary>
    public static Sink<string> StandardOutput() =>
        new DelegateSink<string>(nameof(StandardOutput), () => new StreamLineWriter(StandardStreams.OpenOutput()));
}

/// <summary>Writes lines to a stream that is read as they come.</summary>
internal sealed class StreamLineWriter(Stream stream) : SinkWriter<string>
{
    private const int WriteSize = 64 * 1024;

    private readonly ArrayBufferWriter<byte> buffer = new(2 * WriteSize);

    public override ValueTask WriteAsync(string item, CancellationToken cancellationToken)
    {
        LineEncoder.Encode(item, buffer);
        return buffer.WrittenCount >= WriteSize ? FlushAsync() : ValueTask.CompletedTask;
    }

    public override async ValueTask FlushAsync()
    {
        if (buffer.WrittenCount == 0)
        {
            return;
        }

        try
        {
            ReadOnlyMemory<byte> lines = buffer.WrittenMemory;
            await stream.WriteAsync(lines).ConfigureAwait(false);
        }
        catch (IOException error)
        {
            throw StreamErrors.OutputClosed(error);
        }

        buffer.ResetWrittenCount();
    }
}

/// <summary>Opens the program's standard streams.</summary>
internal static class StandardStreams
{
    private const nint OutputHandle = 1;

    /// <summary>Opens the standard output.</summary>
    public static Stream OpenOutput()
    {
        if (!OperatingSystem.IsWindows())
        {
            // The console's own stream does not tell when nobody reads a pipe any more, and an endless flow would go on
            // for ever. Of a file, it alone goes on where others have written.
#pragma warning disable CA2000 // The handle is the stream's, and closes nothing.
            var output = new FileStream(new SafeFileHandle(OutputHandle, ownsHandle: false), FileAccess.Write, bufferSize: 0);
#pragma warning restore CA2000
            if (!output.CanSeek)
            {
                return output;
            }

            output.Dispose();
        }

#pragma warning disable RS0030 // The ban keeps the library from writing on its own account; here the author asks for it.
        return Console.OpenStandardOutput();
#pragma warning restore RS0030
    }
}
