namespace Leat.Streams;

/// <summary>A file that one run writes.</summary>
internal abstract class OutputFile
{
    /// <summary>Where the content goes. Not for the caller to dispose.</summary>
    public abstract Stream Stream { get; }

    /// <summary>True when somebody may read what is written before it is complete.</summary>
    public virtual bool IsLive => false;

    /// <summary>Opens a file for writing.</summary>
    /// <exception cref="LeatException">It can't be created.</exception>
    /// <exception cref="InvalidOperationException">Another run of this process writes the file.</exception>
    public static OutputFile Create(string path)
    {
        try
        {
            string target = Path.GetFullPath(path);
            return DeviceFile.TryOpen(target) is { } device ? device : ReplacedFile.Create(path, target);
        }
        catch (Exception error) when (LineFile.IsAboutFile(error))
        {
            throw StreamErrors.FileUnwritable(path, error);
        }
    }

    /// <summary>The content is complete.</summary>
    /// <exception cref="LeatException">It can't be kept; what was there before still is.</exception>
    public abstract void Commit();

    /// <summary>The content is not wanted.</summary>
    public abstract void Abandon();
}
