using System.Security.Cryptography;
using Leat.Encoding;
using Microsoft.Win32.SafeHandles;

namespace Leat.Storage;

/// <summary>Files that are in their place only when they are complete: written under a temporary name beside it, and renamed.</summary>
internal static class AtomicFile
{
    /// <summary>How the names of temporary files end.</summary>
    public const string Ending = ".tmp";

    private const int BlockSize = 1024 * 1024;

    /// <summary>Writes a file.</summary>
    public static void Write(string path, ReadOnlySpan<byte> bytes, bool flush)
    {
        string temporary = TemporaryFor(path);
        try
        {
            using (SafeFileHandle handle = Create(temporary))
            {
                RandomAccess.Write(handle, bytes, 0);
                if (flush) RandomAccess.FlushToDisk(handle);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception)
        {
            Remove(temporary);
            throw;
        }
    }

    /// <summary>Copies a file if its content has the digest that it should have; false, and nothing is done, if it has not.</summary>
    public static bool Copy(string from, string to, Digest content, bool flush)
    {
        string temporary = TemporaryFor(to);
        try
        {
            using (SafeFileHandle source = File.OpenHandle(from, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.SequentialScan))
            using (SafeFileHandle target = Create(temporary))
            {
                if (CopyContent(source, target) != content)
                {
                    Remove(temporary);
                    return false;
                }
                KeepExecutable(source, target);
                if (flush) RandomAccess.FlushToDisk(target);
            }
            File.Move(temporary, to, overwrite: true);
            return true;
        }
        catch (Exception)
        {
            Remove(temporary);
            throw;
        }
    }

    // The leading dot keeps it out of file patterns, the random part out of the way of others.
    private static string TemporaryFor(string path) =>
        Path.Combine(Path.GetDirectoryName(path)!, $".{RandomNumberGenerator.GetHexString(16, lowercase: true)}{Ending}");

    private static SafeFileHandle Create(string path) =>
        File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);

    // A program may be run by whoever may read it; the rest of its mode is the affair of where it lies.
    private static void KeepExecutable(SafeFileHandle source, SafeFileHandle target)
    {
        if (OperatingSystem.IsWindows() || !File.GetUnixFileMode(source).HasFlag(UnixFileMode.UserExecute)) return;
        UnixFileMode mode = File.GetUnixFileMode(target);
        const UnixFileMode reading = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        // The bit for running stands two below that for reading.
        File.SetUnixFileMode(target, mode | (UnixFileMode)((int)(mode & reading) >> 2));
    }

    private static Digest CopyContent(SafeFileHandle source, SafeFileHandle target)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] block = System.Buffers.ArrayPool<byte>.Shared.Rent(BlockSize);
        long at = 0;
        while (RandomAccess.Read(source, block, at) is > 0 and int count)
        {
            hash.AppendData(block, 0, count);
            RandomAccess.Write(target, block.AsSpan(0, count), at);
            at += count;
        }
        System.Buffers.ArrayPool<byte>.Shared.Return(block);
        return new Digest(hash.GetCurrentHash());
    }

    private static void Remove(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception error) when (FileTrouble.IsOne(error))
        {
            // It is collected as an old temporary file.
        }
    }
}
