namespace Leat.Storage;

/// <summary>
/// Says what goes wrong with a cache's directory, each kind once, to whom the options say; or fails, where the cache is
/// required.
/// </summary>
internal sealed class CacheVoice(string path, CacheOptions options)
{
    private readonly Lock gate = new();
    private readonly HashSet<string> told = new(StringComparer.Ordinal);

    /// <summary>The file system refused something.</summary>
    /// <param name="what">What can't be done, as a part of a sentence.</param>
    /// <param name="error">Its word on it.</param>
    /// <exception cref="LeatException">The cache is required.</exception>
    public void Unusable(string what, Exception error)
    {
        if (options.Required) throw StorageErrors.Unusable(path, what, error);
        Tell($"{what} {error.GetType().Name} {error.HResult}", () => new CacheUnusable(
            path, $"The cache in '{path}' can't be used as it should be: {what}. {error.Message} The work goes on without it.", error));
    }

    /// <summary>The file system refused to let old results be removed in the background; nobody is there to fail.</summary>
    public void CanNotCollect(Exception error) => Tell("collect", () => new CacheUnusable(
        path, $"Old results can't be removed from the cache in '{path}', which grows beyond its limits. {error.Message}", error));

    /// <summary>A file is not what it should be.</summary>
    public void Refused(Fault fault, string file) => Tell(fault.ToString(), () => new CacheFileRefused(
        path, $"In the cache in '{path}', the file '{Path.GetRelativePath(path, file)}' {Words(fault)}. It counts as missing, and so do others like it.", file));

    /// <summary>A result was not kept.</summary>
    public void NotKept(string function, string why) => Tell($"not kept {function}", () => new CacheResultNotKept(
        path, $"A result of '{function}' was not kept in the cache in '{path}': {why}."));

    /// <summary>A file that a function had made can't be put where it was.</summary>
    public void NotPutBack(string file, Exception error) => Tell($"not put back {file}", () => new CacheFileNotPutBack(
        path, $"The file '{file}', which a function had made, can't be put back from the cache in '{path}', so the function runs again: {error.Message}", file));

    private static string Words(Fault fault) => fault switch
    {
        Fault.Newer => "is of a newer Leat",
        Fault.OtherKey => "belongs under another name",
        Fault.Unsigned => "is not signed",
        Fault.NoKey => "is signed, and no SigningKey was given to check it by",
        Fault.WronglySigned => "was signed with another key, or changed since",
        Fault.OtherContent => "has another content than it had",
        _ => "is damaged",
    };

    private void Tell(string kind, Func<CacheEvent> make)
    {
        // Under the lock, so that a listener hears one thing at a time.
        lock (gate)
        {
            if (!told.Add(kind)) return;
            CacheEvent what = make();
            try
            {
                if (options.Events is { } listener) listener(what);
                else WriteLine(what);
            }
            catch (Exception)
            {
                // What a listener throws is its own affair, and the work's is another.
            }
        }
    }

    private static void WriteLine(CacheEvent what)
    {
#pragma warning disable RS0030 // The ban keeps the library from writing where nobody asked; here nobody listens, and it must not pass in silence.
        Console.Error.WriteLine($"leat: {what.Message}");
#pragma warning restore RS0030
    }
}
