namespace Leat.Streams;

/// <summary>A file that one run writes.</summary>
internal abstract class SinkFile
{
    /// <summary>Where the content goes. Not for the caller to dispose.</summary>
    public abstract Stream Stream { get; }

    /// <summary>True when somebody may read what is written before it is complete.</summary>
    public virtual bool IsLive => false;

    /// <summary>Refuses a path, at the declaration, that can't be a file's.</summary>
    /// <exception cref="ArgumentException">The path is empty, or names a folder.</exception>
    public static void CheckPath(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Path.EndsInDirectorySeparator(path))
        {
            throw StreamErrors.FolderAsFile(path);
        }
    }

    /// <summary>Opens a file for writing.</summary>
    /// <exception cref="LeatException">It can't be created.</exception>
    /// <exception cref="InvalidOperationException">Another run of this process writes the file.</exception>
    public static SinkFile Create(string path)
    {
        try
        {
            string target = Path.GetFullPath(path);
            return (SinkFile?)DeviceFile.TryOpen(target) ?? ReplacedFile.Create(path, target);
        }
        catch (Exception error) when (LineFile.IsAboutFile(error))
        {
            throw StreamErrors.FileUnwritable(path, error);
        }
    }

    /// <summary>The content is complete, and is brought to safety.</summary>
    /// <exception cref="LeatException">It can't be.</exception>
    public virtual void Prepare()
    {
    }

    /// <summary>The content is wanted: after <see cref="Prepare"/>, it is put in its place.</summary>
    /// <exception cref="LeatException">It can't be; what was there before still is.</exception>
    public abstract void Commit();

    /// <summary>The content is not wanted.</summary>
    public abstract void Abandon();
}
