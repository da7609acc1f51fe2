namespace Leat.Storage;

/// <summary>Puts damaged files aside, where somebody may look at them, and tells of it.</summary>
internal sealed class Quarantine(CacheDirectory directory, CacheOptions options, CacheVoice voice)
{
    /// <summary>Puts a file aside, unless it is not known whether it is somebody else's good one.</summary>
    public void Take(string file, Fault fault)
    {
        voice.Refused(fault, file);
        if (options.ReadOnly || fault is Fault.Newer or Fault.Unsigned or Fault.NoKey or Fault.WronglySigned) return;
        try
        {
            Directory.CreateDirectory(directory.Quarantine);
            File.Move(file, Path.Combine(directory.Quarantine, Path.GetFileName(file)), overwrite: true);
        }
        catch (Exception error) when (FileTrouble.IsOne(error))
        {
            // It was replaced or put aside by others, or it can't be, and is refused each time.
        }
    }
}
