using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;

namespace Leat.Pools;

/// <summary>Where a worker process starts, and ends.</summary>
internal static class WorkerEntry
{
    private const char Separator = '|';
    private const int SendBuffer = 512 * 1024;

    /// <summary>What a worker needs to connect: a token, and the path of a socket, or none for the standard streams.</summary>
    public static string GreetingOf(string? socket, ReadOnlySpan<byte> token) => $"{Convert.ToHexString(token)}{Separator}{socket}";

    // No token, which are digits.
    private const string Agent = "agent";

    /// <summary>Works until the author's program ends, when this process is a worker, or an agent. Does nothing when it is neither.</summary>
    public static void RunIfWorker()
    {
        if (ProgramCommand.TakeGreeting() is not { } greeting)
        {
            return;
        }

        UnixProcess.LeadOwnGroup();
        string[] parts = greeting.Split(Separator, 2);
        if (parts[0] == Agent)
        {
            OwnAllocation.Take();
            using DuplexStream link = OpenStandardStreams();
            AgentLoop.Run(link, parts is [_, { Length: > 0 } files] ? files : null);
            UnixProcess.KillOwnGroup();
        }

        try
        {
            using Stream stream = parts[1].Length == 0 ? OpenStandardStreams() : Connect(parts[1]);
            WorkerLoop.Run(stream, Convert.FromHexString(parts[0]));
        }
        catch (Exception error) when (error is SocketException or IOException)
        {
            // The author's program has ended before this one was there; what it would have removed is removed here.
            if (Path.GetDirectoryName(parts[1]) is { Length: > 0 } folder)
            {
                SocketFolder.Remove(folder);
            }
        }

        // At once and with all that the author's code has started. Nobody is left who could use more of it.
        UnixProcess.KillOwnGroup();
    }

    private static Stream Connect(string path)
    {
        if (OperatingSystem.IsLinux()) return UnixSocket.Connect(path, SendBuffer);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(path));
        socket.SendBufferSize = SendBuffer;
        return new NetworkStream(socket, ownsSocket: true);
    }

    private static DuplexStream OpenStandardStreams()
    {
        (int input, int output) = UnixProcess.TakeStandardStreams();
        return new DuplexStream(
            new FileStream(new SafeFileHandle(input, ownsHandle: true), FileAccess.Read, bufferSize: 0),
            new FileStream(new SafeFileHandle(output, ownsHandle: true), FileAccess.Write, bufferSize: 0));
    }
}
