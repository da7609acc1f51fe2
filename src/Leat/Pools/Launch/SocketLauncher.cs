using System.Net.Sockets;

namespace Leat.Pools;

/// <summary>
/// Starts workers on this machine and speaks with them over Unix sockets. A socket lies in a folder that only this user may
/// enter, for as long as it takes the worker to connect; then both are removed.
/// </summary>
internal sealed class SocketLauncher : IWorkerLauncher
{
    private const int MostSaid = 4096;

    private static readonly TimeSpan LongestStart = TimeSpan.FromMinutes(1);

    public async Task<WorkerConnection?> StartAsync(Action<string, bool> output, CancellationToken cancellationToken)
    {
        byte[] token = WorkerProcess.NewToken();
        using SocketFolder folder = SocketFolder.Create();
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(folder.Socket));
        listener.Listen(1);
        var said = new System.Text.StringBuilder();
        WorkerProcess process = WorkerProcess.Start(WorkerEntry.GreetingOf(folder.Socket, token), Listen, readsOutput: true);
        try
        {
            using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            waiting.CancelAfter(LongestStart);
            Task<Socket> accepting = listener.AcceptAsync(waiting.Token).AsTask();
            await Task.WhenAny(accepting, process.Ended).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            if (!accepting.IsCompletedSuccessfully)
            {
                bool hasEnded = process.Ended.IsCompleted;
                await waiting.CancelAsync().ConfigureAwait(false);
                await ((Task)accepting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                process.Kill();
                string end = await process.Ended.ConfigureAwait(false);
                await process.Output.WaitAsync(TimeSpan.FromSeconds(1), TimeProvider.System, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                string reason = hasEnded ? $"it ended with {end} before it was connected" : "it was not connected within a minute";
                throw PoolErrors.NotStarted(Environment.ProcessPath ?? "", reason, said.ToString(), cause: null);
            }

            Socket socket = await accepting.ConfigureAwait(false);

            // From here on no call is asynchronous, which would make the socket a slower, non-blocking one.
            socket.Blocking = true;
            socket.SendBufferSize = 512 * 1024;
            return new Connection(process, socket, token);
        }
        catch (Exception)
        {
            process.Dispose();
            throw;
        }

        void Listen(string text, bool isError)
        {
            lock (said)
            {
                said.Append(said.Length < MostSaid ? text : "");
            }

            output(text, isError);
        }
    }

    private sealed class Connection(WorkerProcess process, Socket socket, byte[] token) : WorkerConnection
    {
        public override Stream Stream { get; } = new NetworkStream(socket, ownsSocket: true);

        public override ReadOnlyMemory<byte> Token => token;

        public override bool IsDirect => true;

        public override bool SharesMemory => true;

        public override int ProcessId => process.Id;

        public override IDisposable LimitMemory(long allowed, Action<long> onTooMuch) => MemoryWatch.Start(process.Id, allowed, onTooMuch);

        public override void Kill() => process.Kill();

        public override async Task<string> WaitForEndAsync()
        {
            string end = await process.Ended.ConfigureAwait(false);
            await process.Output.WaitAsync(TimeSpan.FromSeconds(1), TimeProvider.System).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return end;
        }

        public override async ValueTask DisposeAsync()
        {
            process.Kill();
            await process.Ended.ConfigureAwait(false);
            await Stream.DisposeAsync().ConfigureAwait(false);
            process.Dispose();
        }
    }
}

/// <summary>A folder of this user's alone, with the path of a socket in it; removed with all that is in it.</summary>
internal sealed class SocketFolder : IDisposable
{
    // What sun_path holds on every system.
    private const int LongestPath = 100;
    private const string SocketName = "worker";

    private readonly string folder;

    private SocketFolder(string folder) => this.folder = folder;

    public string Socket => Path.Combine(folder, SocketName);

    public static SocketFolder Create()
    {
        try
        {
            return Path.GetTempPath().Length > LongestPath / 2 && Directory.Exists("/tmp")
                ? new SocketFolder(CreateIn("/tmp"))
                : new SocketFolder(Directory.CreateTempSubdirectory("leat-").FullName);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw PoolErrors.NoSocket(Path.GetTempPath(), error);
        }
    }

    public void Dispose() => Remove(folder);

    /// <summary>Removes a folder with the socket in it, also one that somebody else is removing.</summary>
    public static void Remove(string folder)
    {
        try
        {
            File.Delete(Path.Combine(folder, SocketName));
            Directory.Delete(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It is gone, or never was.
        }
    }

    private static string CreateIn(string parent)
    {
        string path = Path.Combine(parent, $"leat-{Guid.NewGuid():N}");
        return OperatingSystem.IsWindows()
            ? Directory.CreateDirectory(path).FullName
            : Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;
    }
}
