using System.Collections.Concurrent;
using Leat.Encoding;
using Leat.Pools;
using Leat.Storage;

namespace Leat.Jobs;

/// <summary>
/// The files that a machine keeps for programs on others, in <c>~/.cache/leat</c>: contents by digest, in <c>data</c>, and the private folders of jobs,
/// in <c>work</c>, whose files are links to these. Safe for several threads, processes, and machines that share the folder.
/// </summary>
internal sealed class FileKeep
{
    private const UnixFileMode ReadOnly = UnixFileMode.UserRead;
    private const UnixFileMode Runnable = UnixFileMode.UserRead | UnixFileMode.UserExecute;

    private const string NewNames = "new-";

    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(30);
    private static readonly TimeSpan LeftFor = TimeSpan.FromDays(1);

    private static readonly Lazy<FileKeep> Own = new(() => new FileKeep(CacheFolder()), LazyThreadSafetyMode.PublicationOnly);

    // What was read in full and is as it was then.
    private readonly ConcurrentDictionary<string, FileStamp> checkedFiles = new(StringComparer.Ordinal);
    private readonly string data;
    private readonly string work;

    /// <summary>Keeps files in a folder.</summary>
    public FileKeep(string folder)
    {
        data = Path.Combine(folder, "data");
        work = Path.Combine(folder, "work", Environment.MachineName);
        Directory.CreateDirectory(data);
        Directory.CreateDirectory(work);
        Clean();
    }

    /// <summary>That of this machine, made when it is first asked for.</summary>
    /// <exception cref="IOException">Its folder can't be made. The next one who asks tries again.</exception>
    public static FileKeep OfMachine => Own.Value;

    /// <summary>A new private folder, which is empty.</summary>
    public string NewFolder() => PrivateFolder.Make(work);

    /// <summary>True when a content is there, and is what its digest says. One that is damaged is removed.</summary>
    public bool Has(HostFile file)
    {
        string path = PathOf(file.Content);
        if (FileStamp.Of(path) is not { } stamp) return false;
        if (checkedFiles.TryGetValue(path, out FileStamp known) && known.Size == stamp.Size && known.Written == stamp.Written)
        {
            NoteUse(path);
            return true;
        }

        if (stamp.Size != file.Length || FileContent.DigestOf(path) != file.Content)
        {
            File.Delete(path);
            return false;
        }

        checkedFiles[path] = stamp;
        NoteUse(path);
        return true;
    }

    /// <summary>Begins to take a content.</summary>
    public IncomingFile Begin(HostFile file) => new(file, NewName());

    /// <summary>All of a content has come.</summary>
    /// <exception cref="InvalidDataException">It is not what its digest says.</exception>
    public void Complete(IncomingFile incoming)
    {
        string between = incoming.Complete();
        SetMode(between, ReadOnly);
        Keep(between, incoming.File.Content);
    }

    /// <summary>Puts a content in its place in a private folder; false when it is not there.</summary>
    public bool TryLay(string root, HostFile file)
    {
        if (!Has(file)) return false;
        string content = PathOf(file.Content);
        if (!file.IsProgram && UnixFile.TryLink(content, file.Path)) return true;

        // Others may be reading the one that is there. Of two names of one file the system renames none.
        string between = PrivateFolder.NameBeside(root);
        if (file.IsProgram || !UnixFile.TryLink(content, between))
        {
            try
            {
                File.Copy(content, between);
            }
            catch (FileNotFoundException)
            {
                // Another process has just found it too old.
                return false;
            }

            SetMode(between, file.IsProgram ? Runnable : ReadOnly);
        }

        File.Move(between, file.Path, overwrite: true);
        File.Delete(between);
        return true;
    }

    /// <summary>Takes over what a job has made; null when it is not there.</summary>
    public HostFile? Take(string path)
    {
        if (FileStamp.Of(path) is not { } stamp) return null;
        var file = new HostFile(path, FileContent.DigestOf(path), stamp.Size, IsProgram(path));
        if (Has(file)) return file;

        // Under another name first: it may lie on another disk.
        string between = NewName();
        if (new FileInfo(path).LinkTarget is not null || !UnixFile.TryLink(path, between)) File.Copy(path, between);
        SetMode(between, ReadOnly);
        Keep(between, file.Content);
        return file;
    }

    /// <summary>A part of a content.</summary>
    public byte[] Read(HostFile file, long offset, int count)
    {
        using Microsoft.Win32.SafeHandles.SafeFileHandle handle = File.OpenHandle(PathOf(file.Content));
        byte[] bytes = new byte[(int)Math.Min(count, Math.Max(0, file.Length - offset))];
        int read = 0;
        while (read < bytes.Length && RandomAccess.Read(handle, bytes.AsSpan(read), offset + read) is var more and > 0) read += more;
        return read == bytes.Length ? bytes : throw new IOException($"'{PathOf(file.Content)}' has become shorter.");
    }

    /// <summary>Removes a file or folder, as far as that goes.</summary>
    public static void Remove(string path)
    {
        if (Directory.Exists(path)) Workspace.TryDelete(path);
        else if (Directory.Exists(Path.GetDirectoryName(path))) File.Delete(path);
    }

    /// <summary>True for a file that may be run.</summary>
    public static bool IsProgram(string path) => !OperatingSystem.IsWindows() && File.GetUnixFileMode(path).HasFlag(UnixFileMode.UserExecute);

    private static void SetMode(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, mode);
    }

    private static string CacheFolder()
    {
        string? cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        if (string.IsNullOrEmpty(cache)) cache = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        return Path.Combine(cache, "leat");
    }

    // Somebody may have emptied the cache.
    private string NewName() => Path.Combine(Directory.CreateDirectory(data).FullName, $"{NewNames}{Guid.NewGuid():N}");

    private string PathOf(Digest content)
    {
        string name = content.ToString();
        return Path.Combine(data, name[..2], name);
    }

    private void Keep(string between, Digest content)
    {
        string path = PathOf(content);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Move(between, path, overwrite: true);
        File.Delete(between);
        if (FileStamp.Of(path) is { } stamp) checkedFiles[path] = stamp;
        NoteUse(path);
    }

    // Its age is how long it was not used; the time of the last change must stay what it is.
    private static void NoteUse(string path)
    {
        try
        {
            File.SetLastAccessTimeUtc(path, TimeProvider.System.GetUtcNow().UtcDateTime);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Then somebody will have to send it again.
        }
    }

    // What is old, and what processes have left behind that were killed.
    private void Clean()
    {
        DateTime now = TimeProvider.System.GetUtcNow().UtcDateTime;
        try
        {
            foreach (string file in Directory.EnumerateFiles(data, $"{NewNames}*").Where(file => File.GetLastWriteTimeUtc(file) < now - LeftFor && PrivateFolder.IsFree(file))) File.Delete(file);
            foreach (string file in Directory.EnumerateFiles(data, "*", SearchOption.AllDirectories).Where(file => File.GetLastAccessTimeUtc(file) < now - KeptFor)) File.Delete(file);

            // Where the folder is on several machines, not all may see each other's locks.
            foreach (string machine in Directory.EnumerateDirectories(Path.GetDirectoryName(work)!)) PrivateFolder.RemoveLeftovers(machine, now - (machine == work ? LeftFor : KeptFor));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Another process does it, too.
        }
    }
}
