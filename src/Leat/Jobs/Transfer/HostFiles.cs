using System.Collections.Concurrent;
using Leat.Encoding;
using Leat.Pools;
using Leat.Storage;

namespace Leat.Jobs;

/// <summary>The files of one machine on which this program's jobs run, and the process there that keeps them. Contents are sent once.</summary>
/// <param name="source">The pool of the machine.</param>
/// <param name="host">The name of the machine.</param>
internal sealed class HostFiles(ProcessPool source, string host) : IAsyncDisposable
{
    private readonly ProcessPool pool = source.OpenSibling();
    private readonly ConcurrentDictionary<Digest, Task> sending = [];
    private readonly Lock gate = new();
    private Task<HostView>? shared;

    public string Host => host;

    /// <summary>Begins something for one job.</summary>
    public HostTransfer Begin() => new(this, pool);

    /// <summary>The one folder for all jobs that run in the process that has loaded data.</summary>
    public Task<HostView> SharedViewAsync()
    {
        lock (gate)
        {
            if (shared is null or { IsFaulted: true } or { IsCanceled: true }) shared = OpenSharedAsync();
            return shared;
        }
    }

    /// <summary>The machine was lost, and what was on it.</summary>
    public void Forget()
    {
        lock (gate) shared = null;
    }

    /// <summary>Sends a content, unless somebody else is just doing it.</summary>
    /// <returns>True when it was sent; false when somebody else has done with it, and it has to be asked for again.</returns>
    public async Task<bool> SendOnceAsync(Digest content, Func<Task> send)
    {
        var own = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task first = sending.GetOrAdd(content, own.Task);
        if (first != own.Task)
        {
            await first.ConfigureAwait(false);
            return false;
        }

        try
        {
            await send().ConfigureAwait(false);
            return true;
        }
        finally
        {
            sending.TryRemove(content, out _);
            own.SetResult();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task<HostView>? view;
        lock (gate) view = shared;
        if (view is { IsCompletedSuccessfully: true })
        {
            HostTransfer transfer = Begin();
            await using (transfer.ConfigureAwait(false)) await transfer.RemoveAsync(await view.ConfigureAwait(false)).ConfigureAwait(false);
        }

        await pool.DisposeAsync().ConfigureAwait(false);
    }

    private async Task<HostView> OpenSharedAsync()
    {
        HostTransfer transfer = Begin();
        await using (transfer.ConfigureAwait(false)) return await transfer.OpenAsync(CancellationToken.None).ConfigureAwait(false);
    }
}

/// <summary>What is sent to a machine, and brought back, for one job.</summary>
internal sealed class HostTransfer : IAsyncDisposable
{
    private const int Part = 1 << 20;
    private const int PartsAhead = 4;

    // So long the removal of a folder is waited for, which nobody needs.
    private static readonly TimeSpan RemovalTime = TimeSpan.FromSeconds(5);

    private readonly HostFiles host;
    private readonly PoolSession<FilesItem, FilesAnswer> session;

    public HostTransfer(HostFiles host, ProcessPool pool)
    {
        this.host = host;
        session = pool.Open(new SessionOptions("files") { IsConcurrent = true, IsWhole = true }, FilesTask.Create);
    }

    /// <summary>Makes a private folder there.</summary>
    public async Task<HostView> OpenAsync(CancellationToken cancellationToken) => new(host.Host, (await AskAsync(new FilesItem(FilesOrder.Open), cancellationToken).ConfigureAwait(false)).Folder);

    /// <summary>Lets a job find its inputs there, and a folder for each of its outputs.</summary>
    public async Task SendAsync(HostView view, HostInputs inputs, IEnumerable<string> outputs, CancellationToken cancellationToken)
    {
        (string Path, HostFile File)[] files = [.. inputs.Files.Select(path => (path, FileOf(path, view)))];
        int[] missing = (await AskAsync(new FilesItem(FilesOrder.Ask) { Files = [.. files.Select(each => each.File)] }, cancellationToken).ConfigureAwait(false)).Missing;
        foreach (int index in missing)
        {
            (string path, HostFile file) = files[index];
            while (!await host.SendOnceAsync(file.Content, () => SendAsync(path, file, cancellationToken)).ConfigureAwait(false))
            {
                if ((await AskAsync(new FilesItem(FilesOrder.Ask) { Files = [file] }, cancellationToken).ConfigureAwait(false)).Missing.Length == 0) break;
            }
        }

        var lay = new FilesItem(FilesOrder.Lay)
        {
            Folders = [view.Folder, .. view.Map(inputs.Folders), .. outputs.Select(path => view.Map(Path.GetDirectoryName(path)!)).Distinct(StringComparer.Ordinal)],
            Files = [.. files.Select(each => each.File)],
            Outputs = [.. outputs.Select(view.Map)],
        };
        if ((await AskAsync(lay, cancellationToken).ConfigureAwait(false)).Missing is [var lost, ..]) throw new IOException($"'{files[lost].Path}' was removed there meanwhile.");
    }

    /// <summary>Brings outputs back, as far as they are there: each under another name first, so that none is ever there in part.</summary>
    /// <returns>The names of what was made and not declared.</returns>
    public async Task<string[]> BringAsync(HostView view, IReadOnlyList<string> paths, bool isAlone, CancellationToken cancellationToken)
    {
        var collect = new FilesItem(FilesOrder.Collect)
        {
            Files = [.. paths.Select(path => new HostFile(view.Map(path), default, 0, false))],
            Folders = isAlone ? [.. paths.Select(path => view.Map(Path.GetDirectoryName(path)!)).Distinct(StringComparer.Ordinal)] : [],
        };
        FilesAnswer answer = await AskAsync(collect, cancellationToken).ConfigureAwait(false);

        // Here they go where they were asked for, and nowhere else, whatever the answer says.
        Dictionary<string, string> asked = paths.ToDictionary(view.Map, StringComparer.Ordinal);
        foreach (HostFile file in answer.Files)
        {
            if (!asked.TryGetValue(file.Path, out string? path)) throw new InvalidDataException($"'{file.Path}' came back, and was not asked for.");
            await BringAsync(file, path, cancellationToken).ConfigureAwait(false);
        }

        return answer.Undeclared;
    }

    /// <summary>Removes a private folder. Where that does not work, the next process there does it.</summary>
    public async Task RemoveAsync(HostView view)
    {
        Task removal = AskAsync(new FilesItem(FilesOrder.Remove) { Folder = view.Root }, CancellationToken.None);
        await removal.WaitAsync(RemovalTime, TimeProvider.System).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public ValueTask DisposeAsync()
    {
        // What waits there for an answer that nobody needs must keep nobody here.
        _ = session.Pool.CloseAsync(session);
        return ValueTask.CompletedTask;
    }

    private static HostFile FileOf(string path, HostView view)
    {
        FileState state = FileDigests.Shared.StateOf(path, isOutput: false);
        return new HostFile(view.Map(path), state.Content, state.Size, FileKeep.IsProgram(path));
    }

    private async Task SendAsync(string path, HostFile file, CancellationToken cancellationToken)
    {
        using Microsoft.Win32.SafeHandles.SafeFileHandle handle = File.OpenHandle(path, options: FileOptions.SequentialScan);
        var onTheirWay = new Queue<Task<FilesAnswer>>();
        long offset = 0;
        do
        {
            byte[] bytes = new byte[(int)Math.Min(Part, file.Length - offset)];
            int read = 0;
            while (read < bytes.Length && RandomAccess.Read(handle, bytes.AsSpan(read), offset + read) is var more and > 0) read += more;
            if (read < bytes.Length) throw new IOException($"'{path}' has become shorter while it was sent.");
            onTheirWay.Enqueue(AskAsync(new FilesItem(FilesOrder.Put) { Files = [file], Offset = offset, Bytes = bytes }, cancellationToken));
            if (onTheirWay.Count >= PartsAhead) await onTheirWay.Dequeue().ConfigureAwait(false);
            offset += bytes.Length;
        }
        while (offset < file.Length);

        while (onTheirWay.TryDequeue(out Task<FilesAnswer>? part)) await part.ConfigureAwait(false);
    }

    private async Task BringAsync(HostFile file, string path, CancellationToken cancellationToken)
    {
        string between = $"{path}.{Guid.NewGuid():N}.part";
        try
        {
            using (Microsoft.Win32.SafeHandles.SafeFileHandle handle = File.OpenHandle(between, FileMode.CreateNew, FileAccess.Write))
            {
                var onTheirWay = new Queue<(long Offset, Task<FilesAnswer> Part)>();
                for (long offset = 0; offset < file.Length || onTheirWay.Count > 0;)
                {
                    if (offset < file.Length && onTheirWay.Count < PartsAhead)
                    {
                        onTheirWay.Enqueue((offset, AskAsync(new FilesItem(FilesOrder.Get) { Files = [file], Offset = offset, Count = Part }, cancellationToken)));
                        offset += Part;
                        continue;
                    }

                    (long at, Task<FilesAnswer> part) = onTheirWay.Dequeue();
                    await RandomAccess.WriteAsync(handle, (await part.ConfigureAwait(false)).Bytes, at, cancellationToken).ConfigureAwait(false);
                }
            }

            if (FileContent.DigestOf(between) != file.Content) throw new IOException($"'{path}' has come back damaged.");
            if (file.IsProgram && !OperatingSystem.IsWindows()) File.SetUnixFileMode(between, File.GetUnixFileMode(between) | UnixFileMode.UserExecute);
            File.Move(between, path, overwrite: true);
        }
        catch (Exception)
        {
            File.Delete(between);
            throw;
        }
    }

    private async Task<FilesAnswer> AskAsync(FilesItem item, CancellationToken cancellationToken)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Submission<FilesItem, FilesAnswer>? submission = null;
        Volatile.Write(ref submission, session.Submit(new[] { item }, [(0, 1)], isLast: false, OnProgress));
        OnProgress();
        await ended.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        OutcomeState state = submission!.Take(0, out FilesAnswer answer, out List<FilesAnswer>? parts, out Exception? error);
        return state == OutcomeState.Done ? parts is [var only] ? only : answer : throw Told(item.Order, error);

        void OnProgress()
        {
            Interlocked.MemoryBarrier();
            if (Volatile.Read(ref submission)?.IsWaiting(0) == false) ended.TrySetResult();
        }
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
