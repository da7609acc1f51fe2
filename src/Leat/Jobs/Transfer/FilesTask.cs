using Leat.Encoding;
using Leat.Pools;

namespace Leat.Jobs;

/// <summary>In the process that keeps a machine's files: does what one transfer asks for, one thing after the other.</summary>
internal sealed class FilesTask : PoolTask<FilesItem, FilesAnswer>
{
    private readonly FileKeep keep = FileKeep.OfMachine;
    private readonly Dictionary<Digest, IncomingFile> incoming = [];

    /// <summary>Makes it.</summary>
    public static PoolTask<FilesItem, FilesAnswer> Create() => new FilesTask();

    public override async ValueTask RunAsync(FilesItem item, ITaskOutput<FilesAnswer> output, CancellationToken cancellationToken) =>
        await output.AddAsync(Do(item)).ConfigureAwait(false);

    public override ValueTask DisposeAsync()
    {
        foreach (IncomingFile file in incoming.Values) file.Dispose();
        return base.DisposeAsync();
    }

    private FilesAnswer Do(FilesItem item)
    {
        switch (item.Order)
        {
            case FilesOrder.Open:
                return new FilesAnswer { Root = keep.NewFolder() };
            case FilesOrder.Put:
                Put(item);
                return new FilesAnswer();
            case FilesOrder.Lay:
                return new FilesAnswer { Missing = Lay(item) };
            case FilesOrder.Collect:
                PrivateFolder.Hold(item.Root);
                HostFile?[] found = [.. item.Files.Select(file => keep.Take(file.Path))];
                foreach (HostFile taken in found.OfType<HostFile>()) FileKeep.Remove(taken.Path);
                return new FilesAnswer
                {
                    Missing = [.. Enumerable.Range(0, found.Length).Where(i => found[i] is null)],
                    Files = [.. found.OfType<HostFile>()],
                    Undeclared = [.. item.Folders.Where(Directory.Exists).SelectMany(Directory.EnumerateFileSystemEntries).Except(item.Files.Select(file => file.Path), StringComparer.Ordinal).Select(path => Path.GetFileName(path)!)],
                };
            case FilesOrder.Get:
                return new FilesAnswer { Bytes = Get(item) };
            case FilesOrder.Remove:
                PrivateFolder.Remove(item.Root);
                return new FilesAnswer();
            default:
                throw new InvalidDataException("An order is of no kind that is known.");
        }
    }

    private int[] Lay(FilesItem item)
    {
        PrivateFolder.Hold(item.Root);
        foreach (string path in item.Outputs) FileKeep.Remove(path);
        foreach (string folder in item.Folders.Concat(item.Files.Select(file => Path.GetDirectoryName(file.Path)!)).Distinct(StringComparer.Ordinal)) Directory.CreateDirectory(folder);
        return [.. Enumerable.Range(0, item.Files.Length).Where(i => !keep.TryLay(item.Root, item.Files[i]))];
    }

    private void Put(FilesItem item)
    {
        int at = 0;
        foreach (HostFile file in item.Files)
        {
            // Of one alone it may be a part.
            ReadOnlySpan<byte> bytes = item.Bytes.AsSpan(at, item.Files.Length == 1 ? item.Bytes.Length : (int)file.Length);
            at += bytes.Length;
            if (!incoming.TryGetValue(file.Content, out IncomingFile? there)) incoming.Add(file.Content, there = keep.Begin(file));
            if (!there.Write(bytes, item.Offset)) continue;
            incoming.Remove(file.Content);
            using (there) keep.Complete(there);
        }
    }

    private byte[] Get(FilesItem item) => item.Files is [var alone]
        ? keep.Read(alone, item.Offset, item.Count)
        : [.. item.Files.SelectMany(file => keep.Read(file, 0, (int)file.Length))];
}
