using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.IO.Pipes;

namespace Leat.Streams;

/// <summary>Finds the processes that may still write to a pipe. Only Linux tells; elsewhere there are none.</summary>
internal static class PipeHolders
{
    /// <summary>True when there are any, or when there may be.</summary>
    public static bool Exist(Stream pipe) => !OperatingSystem.IsLinux() || Find(pipe).Any();

    /// <summary>Kills all processes that may still write to one of the pipes.</summary>
    public static void KillAll(params ReadOnlySpan<Stream> pipes)
    {
        foreach (int id in OperatingSystem.IsLinux() ? Find(pipes) : [])
        {
            Kill(id);
        }
    }

    private static IEnumerable<int> Find(params ReadOnlySpan<Stream> pipes)
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (Stream pipe in pipes)
        {
            string link = string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{((PipeStream)pipe).SafePipeHandle.DangerousGetHandle()}");
            if (new FileInfo(link).LinkTarget is { } name)
            {
                names.Add(name);
            }
        }

        return Directory.EnumerateDirectories("/proc")
            .Select(process => (Path: process, Id: int.TryParse(Path.GetFileName(process), NumberStyles.None, CultureInfo.InvariantCulture, out int id) ? id : 0))
            .Where(process => process.Id > 0 && process.Id != Environment.ProcessId && MayWrite(process.Path, names))
            .Select(process => process.Id);
    }

    private static bool MayWrite(string process, HashSet<string> names)
    {
        try
        {
            return new DirectoryInfo(Path.Combine(process, "fd")).EnumerateFiles()
                .Any(descriptor => descriptor.LinkTarget is { } name && names.Contains(name) && IsForWriting(process, descriptor.Name));
        }
        catch (Exception error) when (LineFile.IsAboutFile(error))
        {
            // It has ended, or it is another user's, and so not of the program's making.
            return false;
        }
    }

    // A program that this process is just about to start has, for a moment, copies of all its files, and so the ends of
    // the pipes that are for reading.
    private static bool IsForWriting(string process, string descriptor)
    {
        const string field = "flags:";
        string? flags = File.ReadLines(Path.Combine(process, "fdinfo", descriptor))
            .FirstOrDefault(line => line.StartsWith(field, StringComparison.Ordinal));
        int access = flags is null ? 0 : Convert.ToInt32(flags[field.Length..].Trim(), 8) & 3;
        return access != 0;
    }

    private static void Kill(int id)
    {
        try
        {
            using Process process = Process.GetProcessById(id);
            process.Kill();
        }
        catch (Exception error) when (error is ArgumentException or Win32Exception or InvalidOperationException)
        {
            // It has ended.
        }
    }
}
