using System.Buffers;
using System.Security.Cryptography;
using Leat.Encoding;

namespace Leat.Storage;

/// <summary>Reads the contents of files.</summary>
internal static class FileContent
{
    /// <summary>The digest of a file's content.</summary>
    public static Digest DigestOf(string path)
    {
        const int block = 1024 * 1024;
        using Microsoft.Win32.SafeHandles.SafeFileHandle handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.SequentialScan);
        long length = RandomAccess.GetLength(handle);
        byte[] buffer = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(length + 1, 4096, block));
        try
        {
            int first = RandomAccess.Read(handle, buffer, 0);
            // Most are small. One that has no length, such as a pipe, may give it bit by bit.
            if (length > 0 && first >= length && first < buffer.Length) return Digest.Of(buffer.AsSpan(0, first));
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            for (long at = 0; first > 0; first = RandomAccess.Read(handle, buffer, at))
            {
                hash.AppendData(buffer, 0, first);
                at += first;
            }

            return new Digest(hash.GetHashAndReset());
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
