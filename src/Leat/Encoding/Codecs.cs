using System.Collections.Concurrent;
using System.Reflection;

namespace Leat.Encoding;

/// <summary>The codecs of all types that were needed so far.</summary>
internal static class Codecs
{
    private static readonly ConcurrentDictionary<Type, Codec> Built = [];
    private static readonly ConcurrentDictionary<Type, Codec> BuiltForObjects = [];
    private static readonly Lock Gate = new();

    /// <summary>The codec of a static type.</summary>
    /// <exception cref="EncodingException">Values of it can't be encoded.</exception>
    public static Codec<T> For<T>() => Of<T>.Codec ??= (Codec<T>)For(typeof(T));

    /// <inheritdoc cref="For{T}"/>
    public static Codec For(Type type)
    {
        if (Built.TryGetValue(type, out Codec? codec))
        {
            return codec;
        }

        lock (Gate)
        {
            var builder = new CodecBuilder(Built);
            codec = builder.Build(type);
            builder.Publish();
            return codec;
        }
    }

    /// <summary>The codec of an object whose type is not its static one.</summary>
    public static Codec OfObject(object value, Type type)
    {
        if (BuiltForObjects.TryGetValue(type, out Codec? codec))
        {
            return codec;
        }

        try
        {
            codec = OfTag(type);
        }
        catch (EncodingException error) when (error.Refusal is { } refusal)
        {
            throw new CulpritException(value, path => EncodingErrors.NotEncodable(path.Then(refusal.Path), refusal.Reason));
        }

        return TypeTag.Find(TypeTag.Of(type), type) == type
            ? codec
            : throw new CulpritException(value, path => EncodingErrors.NotEncodable(path, "no other process would find its type by its name"));
    }

    /// <summary>The codec of objects of exactly a type.</summary>
    public static Codec OfTag(Type type)
    {
        if (BuiltForObjects.TryGetValue(type, out Codec? codec))
        {
            return codec;
        }

        lock (Gate)
        {
            if (type.IsAbstract || type == typeof(void))
            {
                throw EncodingErrors.NotEncodable(ValuePath.To(type), "there are no objects of exactly that type");
            }

            var builder = new CodecBuilder(Built);
            codec = builder.BuildExact(type);
            builder.Publish();
            return BuiltForObjects.GetOrAdd(type, codec);
        }
    }

    /// <summary>True when objects of a type can be encoded.</summary>
    public static bool CanBe(Type type)
    {
        try
        {
            OfTag(type);
            return true;
        }
        catch (EncodingException)
        {
            return false;
        }
    }

    /// <summary>True for what comes with .NET.</summary>
    public static bool IsFramework(Assembly assembly) =>
        assembly == typeof(object).Assembly
        || assembly.GetCustomAttribute<AssemblyProductAttribute>()?.Product is "Microsoft® .NET";

    private static class Of<T>
    {
        public static Codec<T>? Codec;
    }
}
