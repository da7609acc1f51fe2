using System.IO.Pipes;

namespace Leat.Shell.Tests;

/// <summary>Holds the job of a program that connects to it, until it is let go.</summary>
internal sealed class Hold : IAsyncDisposable
{
    private readonly NamedPipeServerStream pipe;

    public Hold()
    {
        // Short: on Unix it becomes the path of a socket.
        Name = $"leat-hold-{Guid.NewGuid().ToString("N")[..12]}";
        pipe = new NamedPipeServerStream(Name, PipeDirection.Out, 1, PipeTransmissionMode.Byte, PipeOptions.Asynchronous);
    }

    public string Name { get; }

    /// <summary>The job is at work.</summary>
    public Task WorksAsync() => pipe.WaitForConnectionAsync(TestContext.Current.CancellationToken);

    public ValueTask LetGoAsync() => pipe.DisposeAsync();

    public ValueTask DisposeAsync() => pipe.DisposeAsync();
}
