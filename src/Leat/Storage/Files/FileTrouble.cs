namespace Leat.Storage;

/// <summary>Tells the errors of files from others.</summary>
internal static class FileTrouble
{
    public static bool IsOne(Exception error) =>
        error is IOException or UnauthorizedAccessException or NotSupportedException or System.Security.SecurityException;
}
