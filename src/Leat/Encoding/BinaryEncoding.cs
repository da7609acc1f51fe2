using System.Buffers;

namespace Leat.Encoding;

/// <summary>
/// The one binary form of values, for transport and for digests: equal values have equal bytes, in every process and on
/// every machine. <c>docs/wire-format.md</c> describes it.
/// </summary>
public static class BinaryEncoding
{
    /// <summary>The version of the form, the first byte of every encoded value.</summary>
    public const byte Version = 1;

    private const int LargestKeptBuffer = 1024 * 1024;

    [ThreadStatic]
    private static EncodingWriter? idle;

    /// <summary>Encodes a value.</summary>
    /// <typeparam name="T">The type as which it will be decoded; the value's own may be derived from it.</typeparam>
    /// <param name="value">The value: a tree of numbers, texts, collections, records and objects with fields of these.</param>
    /// <exception cref="EncodingException">
    /// Something in it can't be encoded (a stream, a handle, a task, a delegate, a cycle); the message names the way to it.
    /// </exception>
    public static byte[] Encode<T>(T value) => Encode(value, context: null);

    /// <summary>Encodes a value, and lets codecs of the library know for whom.</summary>
    /// <inheritdoc cref="Encode{T}(T)"/>
    internal static byte[] Encode<T>(T value, object? context)
    {
        EncodingWriter writer = Write(value, context);
        byte[] bytes = writer.Written.ToArray();
        Return(writer);
        return bytes;
    }

    /// <summary>Encodes a value into a buffer.</summary>
    /// <inheritdoc cref="Encode{T}(T)"/>
    public static void Encode<T>(T value, IBufferWriter<byte> buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        EncodingWriter writer = Write(value);
        buffer.Write(writer.Written);
        Return(writer);
    }

    /// <summary>Decodes a value.</summary>
    /// <typeparam name="T">The type as which it was encoded.</typeparam>
    /// <param name="bytes">All of its bytes and no others.</param>
    /// <exception cref="EncodingException">They are not those of a <typeparamref name="T"/>.</exception>
    public static T Decode<T>(ReadOnlyMemory<byte> bytes)
    {
        Codec<T> codec = Codecs.For<T>();
        var reader = new EncodingReader(bytes);
        int version = reader.Read<byte>();
        if (version != Version)
        {
            throw EncodingErrors.UnknownVersion(version);
        }

        T value = reader.ReadAlone(codec);
        return reader.Left == 0 ? value : throw reader.Damaged($"{reader.Left} bytes are left behind the value");
    }

    /// <summary>The digest of a value's encoding, and of one for somebody in particular.</summary>
    /// <inheritdoc cref="Encode{T}(T)"/>
    internal static Digest DigestOf<T>(T value, object? context)
    {
        EncodingWriter writer = Write(value, context);
        Digest digest = Digest.Of(writer.Written);
        Return(writer);
        return digest;
    }

    private static EncodingWriter Write<T>(T value, object? context = null)
    {
        Codec<T> codec = Codecs.For<T>();
        EncodingWriter writer = idle ?? new EncodingWriter();
        idle = null;
        writer.Context = context;
        writer.Write(Version);
        writer.WriteAlone(codec, value);
        return writer;
    }

    // Not after a failure: nobody knows what it was in the middle of.
    private static void Return(EncodingWriter writer)
    {
        writer.Clear(LargestKeptBuffer);
        idle = writer;
    }
}
