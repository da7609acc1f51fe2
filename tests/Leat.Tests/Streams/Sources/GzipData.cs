using System.IO.Compression;

namespace Leat.Tests.Streams.Sources;

/// <summary>Makes gzip data.</summary>
internal static class GzipData
{
    public static byte[] Of(string text, CompressionLevel level = CompressionLevel.Optimal)
    {
        using var data = new MemoryStream();
        using (var gzip = new GZipStream(data, level)) gzip.Write(System.Text.Encoding.UTF8.GetBytes(text));
        return data.ToArray();
    }
}
