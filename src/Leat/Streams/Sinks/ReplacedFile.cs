using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Leat.Streams;

/// <summary>
/// A file that is written under a temporary name beside its place, and is in its place only when it is complete.
/// </summary>
/// <remarks>
/// <code>
///   Open --Prepare--> on the disk --Commit--> renamed over the file that was there
///   any --Abandon, or Commit fails--> removed; the file that was there is as it was
/// </code>
/// </remarks>
internal sealed class ReplacedFile : SinkFile
{
    private const int LongestNamePart = 50;

    // What this process writes now: two runs that write one file would each remove the other's work.
    private static readonly ConcurrentDictionary<string, bool> Open = new(
        OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);

    private readonly string path;
    private readonly string target;
    private readonly FileStream stream;

    private ReplacedFile(string path, string target, FileStream stream)
    {
        this.path = path;
        this.target = target;
        this.stream = stream;
    }

    public override Stream Stream => stream;

    /// <summary>Creates the temporary file, and the folder above it where that is missing.</summary>
    /// <param name="path">The path as the author gave it, for errors.</param>
    /// <param name="full">The same, absolute.</param>
    /// <exception cref="InvalidOperationException">Another run of this process writes the file.</exception>
    public static ReplacedFile Create(string path, string full)
    {
        string final = FollowLinks(full);
        if (Directory.Exists(final))
        {
            throw new IOException("It is a folder.");
        }

        if (!Open.TryAdd(final, true))
        {
            throw StreamErrors.SinkInUse(path);
        }

        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(final)!);
            return new ReplacedFile(path, final, CreateTemporary(final));
        }
        catch (Exception)
        {
            Open.TryRemove(final, out _);
            throw;
        }
    }

    /// <summary>Brings the content to the disk.</summary>
    public override void Prepare()
    {
        try
        {
            // Before the rename, or a power failure could leave a complete name on an empty file.
            stream.Flush(flushToDisk: true);
            stream.Dispose();
            KeepMode();
        }
        catch (Exception error) when (LineFile.IsAboutFile(error))
        {
            throw StreamErrors.FileUnwritable(path, error);
        }
    }

    /// <summary>Puts the file in its place.</summary>
    public override void Commit()
    {
        try
        {
            File.Move(stream.Name, target, overwrite: true);
            Open.TryRemove(target, out _);
        }
        catch (Exception error) when (LineFile.IsAboutFile(error))
        {
            Abandon();
            throw StreamErrors.FileUnwritable(path, error);
        }
    }

    /// <summary>Removes what was written.</summary>
    public override void Abandon()
    {
        try
        {
            stream.Dispose();
            File.Delete(stream.Name);
        }
        catch (Exception error) when (LineFile.IsAboutFile(error))
        {
            // Why the file is abandoned matters more than that it could not be removed.
        }
        finally
        {
            Open.TryRemove(target, out _);
        }
    }

    // Of a link, the file behind it is written, as if it were opened for writing.
    private static string FollowLinks(string path) =>
        new FileInfo(path).LinkTarget is null ? path : File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;

    // The leading dot keeps it out of file patterns, the random part out of the way of other programs.
    private static FileStream CreateTemporary(string final)
    {
        string name = Path.GetFileName(final);
        string part = name.Length <= LongestNamePart ? name : name[..LongestNamePart];
        string temporary = $".{part}.{RandomNumberGenerator.GetHexString(8, lowercase: true)}.tmp";
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows() && File.Exists(final))
        {
            // What only the owner could read stays so from the start.
            options.UnixCreateMode = File.GetUnixFileMode(final);
        }

        return new FileStream(Path.Combine(Path.GetDirectoryName(final)!, temporary), options);
    }

    // Exactly: at its creation the process's mask took some of it away.
    private void KeepMode()
    {
        if (!OperatingSystem.IsWindows() && File.Exists(target))
        {
            File.SetUnixFileMode(stream.Name, File.GetUnixFileMode(target));
        }
    }
}
