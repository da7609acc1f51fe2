using Leat.Encoding;
using Leat.Pools;
using Leat.Storage;
using Microsoft.Win32.SafeHandles;

namespace Leat.Jobs;

/// <summary>What is sent to a machine, and brought back, for one job. It takes as long as it takes, unless it is cancelled: a machine that is lost ends it.</summary>
internal sealed class HostTransfer : IAsyncDisposable
{
    private const int PartsAhead = 4;

    // So long the removal of a folder is waited for, which nobody needs; and so long when there is no more time.
    private static readonly TimeSpan RemovalTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan HastyRemovalTime = TimeSpan.FromSeconds(1);

    private readonly HostFiles host;
    private readonly PoolSession<FilesItem, FilesAnswer> session;

    public HostTransfer(HostFiles host, ProcessPool pool)
    {
        this.host = host;
        session = pool.Open(new SessionOptions("files") { IsConcurrent = true, IsWhole = true, IsHarmless = true }, FilesTask.Create);
    }

    /// <summary>Makes a private folder there.</summary>
    public async Task<HostView> OpenAsync(CancellationToken cancellationToken) => new(host.Host, (await AskAsync(new FilesItem(FilesOrder.Open), cancellationToken).ConfigureAwait(false)).Root);

    /// <summary>Lets a job find its inputs there, and a folder for each of its outputs.</summary>
    public async Task SendAsync(HostView view, HostInputs inputs, IEnumerable<string> outputs, CancellationToken cancellationToken)
    {
        HostFile[] missing = await LayAsync(new FilesItem(FilesOrder.Lay)
        {
            Root = view.Root,
            Folders = [view.Folder, .. view.Map(inputs.Folders), .. outputs.Select(path => view.Map(Path.GetDirectoryName(path)!)).Distinct(StringComparer.Ordinal)],
            Files = FilesOf(inputs.Files, view, cancellationToken),
            Outputs = [.. outputs.Select(view.Map)],
        }).ConfigureAwait(false);
        HashSet<Digest> sent = [];
        bool isRepeated = false;
        while (missing.Length > 0)
        {
            if (Array.Find(missing, file => sent.Contains(file.Content)) is { } lost)
            {
                // The process there was another one from some part on, or somebody has emptied the cache.
                if (isRepeated) throw RemoteErrors.MachineLost(host.Host, $"'{lost.Path}' was sent there twice, and is not there.", hasStarted: true);
                isRepeated = true;
                sent.Clear();
            }

            IReadOnlyDictionary<Digest, TaskCompletionSource> own = host.Claim(missing.Select(file => file.Content), out Task others);
            try
            {
                await SendAsync(view, missing.Where(file => own.ContainsKey(file.Content)).DistinctBy(file => file.Content), cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                host.Sent(own);
            }

            sent.UnionWith(own.Keys);
            await others.WaitAsync(cancellationToken).ConfigureAwait(false);
            missing = await LayAsync(new FilesItem(FilesOrder.Lay) { Root = view.Root, Files = missing }).ConfigureAwait(false);
        }

        async Task<HostFile[]> LayAsync(FilesItem item)
        {
            int[] indexes = (await AskAsync(item, cancellationToken).ConfigureAwait(false)).Missing;
            if (Array.Exists(indexes, index => index < 0 || index >= item.Files.Length)) throw new InvalidDataException("A file is missing there that was not asked for.");
            return [.. indexes.Select(index => item.Files[index])];
        }
    }

    /// <summary>Brings outputs back, as far as they are there: each under another name first, so that none is ever there in part.</summary>
    /// <param name="view">Where they are.</param>
    /// <param name="paths">Where each is to be here, and the name under which it comes.</param>
    /// <param name="isAlone">True when nobody else writes to the folders in which they are.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The names of what was made and not declared.</returns>
    public async Task<string[]> BringAsync(HostView view, IReadOnlyList<(string Path, string Between)> paths, bool isAlone, CancellationToken cancellationToken)
    {
        var collect = new FilesItem(FilesOrder.Collect)
        {
            Root = view.Root,
            Files = [.. paths.Select(each => new HostFile(view.Map(each.Path), default, 0, false))],
            Folders = isAlone ? [.. paths.Select(each => view.Map(Path.GetDirectoryName(each.Path)!)).Distinct(StringComparer.Ordinal)] : [],
        };
        FilesAnswer answer = await AskAsync(collect, cancellationToken).ConfigureAwait(false);

        // Here they go where they were asked for, and nowhere else, whatever the answer says.
        Dictionary<string, (string Path, string Between)> asked = paths.ToDictionary(each => view.Map(each.Path), StringComparer.Ordinal);
        if (Array.Find(answer.Files, file => !asked.ContainsKey(file.Path)) is { } other) throw new InvalidDataException($"'{other.Path}' came back, and was not asked for.");
        IncomingFile? incoming = null;
        try
        {
            await ForEachAsync(FilePart.Of(answer.Files), part => AskAsync(new FilesItem(FilesOrder.Get) { Files = part.Files, Offset = part.Offset, Count = part.Count }, cancellationToken), (part, bytes) =>
            {
                if (bytes.Bytes.Length != part.Count) throw new InvalidDataException("A part of a file came back that is longer or shorter than it should be.");
                int at = 0;
                foreach (HostFile file in part.Files)
                {
                    int count = part.Files.Length == 1 ? part.Count : (int)file.Length;
                    (string path, string between) = asked[file.Path];
                    incoming ??= new IncomingFile(file, between);
                    if (incoming.Write(bytes.Bytes.AsSpan(at, count), part.Offset)) Complete(incoming, path);
                    at += count;
                }
            }).ConfigureAwait(false);
        }
        finally
        {
            incoming?.Dispose();
        }

        return answer.Undeclared;

        void Complete(IncomingFile file, string path)
        {
            string between = file.Complete();
            if (file.File.IsProgram && !OperatingSystem.IsWindows()) File.SetUnixFileMode(between, File.GetUnixFileMode(between) | UnixFileMode.UserExecute);
            File.Move(between, path, overwrite: true);
            incoming = null;
        }
    }

    /// <summary>Removes a private folder. Where that does not work, a later process there does it.</summary>
    /// <param name="view">Which.</param>
    /// <param name="isHasty">True when others wait for the end.</param>
    public async Task RemoveAsync(HostView view, bool isHasty)
    {
        Task removal = AskAsync(new FilesItem(FilesOrder.Remove) { Root = view.Root }, CancellationToken.None);
        await removal.WaitAsync(isHasty ? HastyRemovalTime : RemovalTime, TimeProvider.System).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public ValueTask DisposeAsync()
    {
        // What waits there for an answer that nobody needs must keep nobody here.
        _ = session.Pool.CloseAsync(session);
        return ValueTask.CompletedTask;
    }

    private static HostFile[] FilesOf(IReadOnlyList<string> paths, HostView view, CancellationToken cancellationToken)
    {
        var files = new HostFile[paths.Count];
        for (int i = 0; i < files.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            FileState state = FileDigests.Shared.StateOf(paths[i], isOutput: false);
            files[i] = new HostFile(view.Map(paths[i]), state.Content, state.Size, FileKeep.IsProgram(paths[i]));
        }

        return files;
    }

    // Some at a time are on their way; what comes of each is taken in order.
    private static async Task ForEachAsync(IEnumerable<FilePart> parts, Func<FilePart, Task<FilesAnswer>> ask, Action<FilePart, FilesAnswer>? take = null)
    {
        var onTheirWay = new Queue<(FilePart Part, Task<FilesAnswer> Answer)>();
        foreach (FilePart part in parts)
        {
            onTheirWay.Enqueue((part, ask(part)));
            if (onTheirWay.Count >= PartsAhead) await TakeAsync().ConfigureAwait(false);
        }

        while (onTheirWay.Count > 0) await TakeAsync().ConfigureAwait(false);

        async Task TakeAsync()
        {
            (FilePart part, Task<FilesAnswer> answer) = onTheirWay.Dequeue();
            FilesAnswer there = await answer.ConfigureAwait(false);
            take?.Invoke(part, there);
        }
    }

    private async Task SendAsync(HostView view, IEnumerable<HostFile> files, CancellationToken cancellationToken) =>
        await ForEachAsync(FilePart.Of(files), part => AskAsync(new FilesItem(FilesOrder.Put) { Files = part.Files, Offset = part.Offset, Bytes = Read(part, view) }, cancellationToken)).ConfigureAwait(false);

    private static byte[] Read(FilePart part, HostView view)
    {
        byte[] bytes = new byte[part.Count];
        int at = 0;
        foreach (HostFile file in part.Files)
        {
            Span<byte> rest = bytes.AsSpan(at, part.Files.Length == 1 ? part.Count : (int)file.Length);
            at += rest.Length;
            string path = view.PathOf(file.Path);
            using SafeFileHandle handle = File.OpenHandle(path);
            for (long offset = part.Offset; rest.Length > 0;)
            {
                int read = RandomAccess.Read(handle, rest, offset);
                if (read == 0) throw new IOException($"'{path}' has become shorter while it was sent.");
                offset += read;
                rest = rest[read..];
            }
        }

        return bytes;
    }

    private async Task<FilesAnswer> AskAsync(FilesItem item, CancellationToken cancellationToken)
    {
        var asked = new SingleItem<FilesItem, FilesAnswer>(session, item);
        await asked.Ended.WaitAsync(cancellationToken).ConfigureAwait(false);
        return asked.Take(out FilesAnswer answer, out Exception? error) == OutcomeState.Done ? answer : throw Told(item.Order, error);
    }

    // A process that keeps files is lost like its machine: another one will do.
    private Exception Told(FilesOrder order, Exception? error) => error switch
    {
        IOException or UnauthorizedAccessException when HostFaults.IsOf(order, error) => ExecutionErrors.HostFault(host.Host, error, hasStarted: order is FilesOrder.Collect or FilesOrder.Get),
        WorkerLostException lost => RemoteErrors.MachineLost(host.Host, lost.Message, hasStarted: true),
        IOException or UnauthorizedAccessException or RemoteException => ExecutionErrors.NotTransferred(host.Host, error),
        null => new OperationCanceledException(),
        _ => error,
    };
}
