using Microsoft.Win32.SafeHandles;

namespace Leat.Storage;

/// <summary>Reads a journal's file whole, and writes it anew.</summary>
internal static class JournalFile
{
    private const int MostAttempts = 4;

    /// <summary>Loads a journal; an empty one if there is none.</summary>
    public static JournalImage Load(string path) => JournalScan.Read(path, Read(path));

    /// <summary>
    /// Writes the kept records of a journal, numbered anew, to a file that then takes the place of the old one. Killed at any
    /// instant, it leaves the old journal or the new one, and at most a file that nobody reads.
    /// </summary>
    /// <returns>The new journal, its length, and the number of its last record.</returns>
    public static (SafeFileHandle File, long End, uint Number) Rewrite(JournalPaths paths, JournalImage image, bool[] kept, long bytes)
    {
        byte[] file = new byte[checked((int)(JournalFormat.HeaderSize + bytes))];
        JournalFormat.WriteHeader(file);
        int at = JournalFormat.HeaderSize;
        uint number = 0;
        for (int i = 0; i < kept.Length; i++)
        {
            if (!kept[i]) continue;
            JournalIndex.Link link = image.Index[i];
            Span<byte> record = file.AsSpan(at, JournalFormat.HeadSize + link.Length);
            image.Bytes.Span.Slice(link.Position, link.Length).CopyTo(record[JournalFormat.HeadSize..]);
            JournalFormat.WriteHead(record, at, ++number);
            at += record.Length;
        }
        return (Replace(paths, file), at, number);
    }

    // On the disk before it gets the name. It stays open: once it has the name, nothing may fail any more.
    private static SafeFileHandle Replace(JournalPaths paths, ReadOnlySpan<byte> bytes)
    {
        SafeFileHandle? opened = File.OpenHandle(paths.New, FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        try
        {
            RandomAccess.Write(opened, bytes, 0);
            RandomAccess.FlushToDisk(opened);
            File.Move(paths.New, paths.Records, overwrite: true);
            DirectoryFlush.Try(paths.Root);
            SafeFileHandle file = opened;
            opened = null;
            return file;
        }
        finally
        {
            opened?.Dispose();
        }
    }

    private static byte[] Read(string path)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                using SafeFileHandle handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.SequentialScan);
                return Read(path, handle);
            }
            catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
            {
                return [];
            }
            catch (IOException error) when (FileTrouble.IsGone(error) && attempt < MostAttempts)
            {
                // On a network file system, it was replaced while it was read.
            }
        }
    }

    private static byte[] Read(string path, SafeFileHandle handle)
    {
        long length = RandomAccess.GetLength(handle);
        if (length > JournalFormat.Largest) throw LedgerErrors.TooLarge(path, JournalFormat.Largest);
        byte[] bytes = GC.AllocateUninitializedArray<byte>((int)length);
        int count = 0;
        while (count < bytes.Length && RandomAccess.Read(handle, bytes.AsSpan(count), count) is > 0 and int read) count += read;
        return count == bytes.Length ? bytes : bytes[..count];
    }
}
