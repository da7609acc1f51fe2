namespace Leat;

/// <summary>Something that a cache tells about its directory; see <see cref="CacheOptions.Events"/>.</summary>
/// <param name="Path">The cache's directory.</param>
/// <param name="Message">What happened, to what, and what comes of it, in full sentences.</param>
public abstract record CacheEvent(string Path, string Message)
{
    /// <summary>The message.</summary>
    public sealed override string ToString() => Message;
}

/// <summary>The directory can't be used; the work goes on without what it was to do.</summary>
/// <param name="Path">The cache's directory.</param>
/// <param name="Message">What happened.</param>
/// <param name="Exception">The file system's word on it.</param>
public sealed record CacheUnusable(string Path, string Message, Exception Exception) : CacheEvent(Path, Message);

/// <summary>A file in the directory is not what it should be, and counts as missing.</summary>
/// <param name="Path">The cache's directory.</param>
/// <param name="Message">What happened.</param>
/// <param name="File">The file; the first of its kind, as further ones are not told.</param>
public sealed record CacheFileRefused(string Path, string Message, string File) : CacheEvent(Path, Message);

/// <summary>A result was not kept, because it might not be that of its arguments.</summary>
/// <param name="Path">The cache's directory.</param>
/// <param name="Message">What happened.</param>
public sealed record CacheResultNotKept(string Path, string Message) : CacheEvent(Path, Message);

/// <summary>A file that a function had made could not be put back, so that the function runs again.</summary>
/// <param name="Path">The directory of the cache.</param>
/// <param name="Message">What happened, and why.</param>
/// <param name="File">Where the file should have been put.</param>
public sealed record CacheFileNotPutBack(string Path, string Message, string File) : CacheEvent(Path, Message);
