using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace Leat.Encoding;

/// <summary>A codec of the author's.</summary>
internal sealed record OwnCodec(object Codec);

/// <summary>Finds the codecs that authors name by attributes.</summary>
internal static class OwnCodecs
{
    private static readonly ConcurrentDictionary<Assembly, Type[]> Named = [];

    private static volatile bool isChecked;

    /// <summary>The codec of a type, if it has one: on the type, or else on any assembly that is loaded.</summary>
    public static OwnCodec? Of(Type type)
    {
        Type? codec = type.GetCustomAttributes<CodecAttribute>(inherit: false).FirstOrDefault()?.Codec
            ?? AppDomain.CurrentDomain.GetAssemblies().SelectMany(CodecsOf).FirstOrDefault(each => IsFor(each, type));
        if (codec is { IsGenericTypeDefinition: true } && type.IsGenericType && codec.GetGenericArguments().Length == type.GenericTypeArguments.Length)
        {
            codec = codec.MakeGenericType(type.GenericTypeArguments);
        }

        return codec is null ? null
            : IsFor(codec, type) && codec.GetConstructor(Type.EmptyTypes) is not null ? new OwnCodec(Activator.CreateInstance(codec)!)
            : throw EncodingErrors.BadCodec(codec, type);
    }

    /// <summary>Looks at the codecs that were named, once.</summary>
    /// <exception cref="EncodingException">One of them can't be.</exception>
    public static void Check()
    {
        if (isChecked) return;
        foreach (Assembly assembly in AppDomain.CurrentDomain.GetAssemblies()) _ = CodecsOf(assembly);
        isChecked = true;
    }

    private static Type[] CodecsOf(Assembly assembly) =>
        Named.GetOrAdd(assembly, static each => Codecs.IsFramework(each) ? [] : [.. each.GetCustomAttributes<CodecAttribute>().Select(attribute => Checked(attribute.Codec))]);

    // One that would never be asked must not go unnoticed.
    private static Type Checked(Type codec) =>
        codec.IsGenericTypeDefinition || Array.Find(TypesOf(codec), DataTypes.IsBasic) is not { } type ? codec : throw EncodingErrors.BadCodec(codec, type);

    private static bool IsFor(Type codec, Type type) => TypesOf(codec).Contains(type);

    private static Type[] TypesOf(Type codec) =>
        [.. codec.GetInterfaces().Where(each => each.IsGenericType && each.GetGenericTypeDefinition() == typeof(ICodec<>)).Select(each => each.GetGenericArguments()[0])];
}

/// <summary>A codec of the author's, as one of the library's own.</summary>
[SuppressMessage("Performance", "CA1812:Avoid uninstantiated internal classes", Justification = "Made by reflection.")]
internal sealed class CustomCodec<T>(OwnCodec source) : Codec<T>
{
    private readonly ICodec<T> codec = (ICodec<T>)source.Codec;

    public override void Write(EncodingWriter writer, T value)
    {
        int before = writer.Count;
        codec.Write(writer, value);
        if (writer.Count == before)
        {
            // Something, so that no number of elements takes no bytes.
            writer.Write((byte)0);
        }
    }

    public override T Read(EncodingReader reader)
    {
        int before = reader.Position;
        T value = codec.Read(reader);
        if (reader.Position == before)
        {
            reader.Read<byte>();
        }

        return value;
    }
}
