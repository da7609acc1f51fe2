using System.Diagnostics.CodeAnalysis;
using Leat.Encoding;

namespace Leat.Jobs;

// An attribute can't name JobCodec<LoadJob<T>>, but it can name one of these.
[SuppressMessage("Performance", "CA1812:Avoid uninstantiated internal classes", Justification = "Made by reflection.")]
internal sealed class LoadJobCodec<T> : ICodec<LoadJob<T>>
{
    private readonly JobCodec<LoadJob<T>> codec = new();

    public void Write(EncodingWriter writer, LoadJob<T> value) => codec.Write(writer, value);

    public LoadJob<T> Read(EncodingReader reader) => codec.Read(reader);
}

// It travels with its value, and counts by its name alone: by its value it counts as what it is, something that the job depends on.
[SuppressMessage("Performance", "CA1812:Avoid uninstantiated internal classes", Justification = "Made by reflection.")]
internal sealed class ParameterCodec<T> : ICodec<ParameterJob<T>>
{
    public void Write(EncodingWriter writer, ParameterJob<T> value)
    {
        writer.WriteValue(value.Id.Text);
        if (!Leat.Storage.FileContext.IsForDigest(writer)) writer.WriteValue(value.Value);
    }

    public ParameterJob<T> Read(EncodingReader reader) => new(null, new JobId(reader.ReadValue<string>()), reader.ReadValue<T>(), null);
}

[SuppressMessage("Performance", "CA1812:Avoid uninstantiated internal classes", Justification = "Made by reflection.")]
internal sealed class CachedJobCodec<T> : ICodec<CachedJob<T>>
{
    private readonly JobCodec<CachedJob<T>> codec = new();

    public void Write(EncodingWriter writer, CachedJob<T> value) => codec.Write(writer, value);

    public CachedJob<T> Read(EncodingReader reader) => codec.Read(reader);
}

[SuppressMessage("Performance", "CA1812:Avoid uninstantiated internal classes", Justification = "Made by reflection.")]
internal sealed class PlotJobCodec<T> : ICodec<PlotJob<T>>
{
    private readonly JobCodec<PlotJob<T>> codec = new();

    public void Write(EncodingWriter writer, PlotJob<T> value) => codec.Write(writer, value);

    public PlotJob<T> Read(EncodingReader reader) => codec.Read(reader);
}
