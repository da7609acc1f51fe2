namespace Leat.Storage;

/// <summary>Tells the errors of files from others.</summary>
internal static class FileTrouble
{
    private const int Stale = 116;

    public static bool IsOne(Exception error) =>
        error is IOException or UnauthorizedAccessException or NotSupportedException or System.Security.SecurityException;

    /// <summary>True when a file was removed; on a network file system also while it was read.</summary>
    public static bool IsGone(Exception error) =>
        error is FileNotFoundException or DirectoryNotFoundException or IOException { HResult: Stale };
}
