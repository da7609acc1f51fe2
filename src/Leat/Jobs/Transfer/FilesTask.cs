using Leat.Pools;

namespace Leat.Jobs;

/// <summary>In the process that keeps a machine's files: does what one transfer asks for, one thing after the other.</summary>
internal sealed class FilesTask : PoolTask<FilesItem, FilesAnswer>
{
    private readonly FileKeep keep = FileKeep.OfMachine;
    private FileKeep.Incoming? incoming;

    /// <summary>Makes it.</summary>
    public static PoolTask<FilesItem, FilesAnswer> Create() => new FilesTask();

    public override async ValueTask RunAsync(FilesItem item, ITaskOutput<FilesAnswer> output, CancellationToken cancellationToken) =>
        await output.AddAsync(Do(item)).ConfigureAwait(false);

    public override ValueTask DisposeAsync()
    {
        incoming?.Dispose();
        return base.DisposeAsync();
    }

    private FilesAnswer Do(FilesItem item)
    {
        switch (item.Order)
        {
            case FilesOrder.Open:
                return new FilesAnswer { Folder = keep.NewFolder() };
            case FilesOrder.Ask:
                return new FilesAnswer { Missing = [.. Enumerable.Range(0, item.Files.Length).Where(i => !keep.Has(item.Files[i]))] };
            case FilesOrder.Put:
                Put(item);
                return new FilesAnswer();
            case FilesOrder.Lay:
                foreach (string path in item.Outputs) FileKeep.Remove(path);
                foreach (string folder in item.Folders) Directory.CreateDirectory(folder);
                return new FilesAnswer { Missing = [.. Enumerable.Range(0, item.Files.Length).Where(i => !keep.TryLay(item.Files[i]))] };
            case FilesOrder.Collect:
                HostFile?[] found = [.. item.Files.Select(file => keep.Take(file.Path))];
                foreach (HostFile taken in found.OfType<HostFile>()) FileKeep.Remove(taken.Path);
                return new FilesAnswer
                {
                    Missing = [.. Enumerable.Range(0, found.Length).Where(i => found[i] is null)],
                    Files = [.. found.OfType<HostFile>()],
                    Undeclared = [.. item.Folders.Where(Directory.Exists).SelectMany(Directory.EnumerateFileSystemEntries).Except(item.Files.Select(file => file.Path), StringComparer.Ordinal).Select(path => Path.GetFileName(path)!)],
                };
            case FilesOrder.Get:
                return new FilesAnswer { Bytes = keep.Read(item.Files[0], item.Offset, item.Count) };
            case FilesOrder.Remove:
                FileKeep.Remove(item.Folder);
                return new FilesAnswer();
            default:
                throw new InvalidDataException("An order is of no kind that is known.");
        }
    }

    private void Put(FilesItem item)
    {
        // Parts may overtake each other on their way.
        if (incoming?.Content != item.Files[0].Content)
        {
            incoming?.Dispose();
            incoming = keep.Begin(item.Files[0]);
        }

        if (!incoming.Write(item.Bytes, item.Offset)) return;
        incoming.Complete();
        incoming = null;
    }
}
