using System.Diagnostics.CodeAnalysis;
using Leat.Encoding;

namespace Leat.Storage;

/// <summary>A cache on its way to a worker process. In keys nothing of it counts: where results are kept changes none.</summary>
[SuppressMessage("Performance", "CA1812:Avoid uninstantiated internal classes", Justification = "Made by reflection.")]
internal sealed class CacheCodec : ICodec<Cache>
{
    public void Write(EncodingWriter writer, Cache value)
    {
        if (FileContext.IsForDigest(writer)) return;
        writer.WriteValue(value.Path);
        CacheOptions options = value.Options;
        writer.WriteValue(options.SizeLimit);
        writer.WriteValue(options.AgeLimit);
        writer.Write((byte)((options.ReadOnly ? 1 : 0) | (options.Required ? 2 : 0) | (options.Flush ? 4 : 0)));
        writer.WriteValue(options.SigningKey);
    }

    public Cache Read(EncodingReader reader)
    {
        string path = reader.ReadValue<string>();
        long? sizeLimit = reader.ReadValue<long?>();
        TimeSpan? ageLimit = reader.ReadValue<TimeSpan?>();
        int flags = reader.Read<byte>();
        return Cache.Directory(path, new CacheOptions
        {
            SizeLimit = sizeLimit,
            AgeLimit = ageLimit,
            ReadOnly = (flags & 1) != 0,
            Required = (flags & 2) != 0,
            Flush = (flags & 4) != 0,
            SigningKey = reader.ReadValue<ReadOnlyMemory<byte>>(),
        });
    }
}
