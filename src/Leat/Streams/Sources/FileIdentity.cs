using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Leat.Streams;

/// <summary>Tells open files apart.</summary>
internal static class FileIdentity
{
    /// <summary>
    /// Something that two open files have in common only if they are the same file at this moment; it changes when a
    /// file is renamed or deleted.
    /// </summary>
    /// <remarks>
    /// .NET tells no inode numbers. Linux tells the name that an open file has now, through links and all, and says so
    /// when it has none any more: <c>/var/log/app.log (deleted)</c>. Elsewhere the time of creation must do.
    /// </remarks>
    public static string Of(SafeFileHandle file)
    {
        if (OperatingSystem.IsLinux())
        {
            string link = string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{file.DangerousGetHandle()}");
            if (new FileInfo(link).LinkTarget is { } name)
            {
                return name;
            }
        }

        return File.GetCreationTimeUtc(file).ToString("O", CultureInfo.InvariantCulture);
    }
}
