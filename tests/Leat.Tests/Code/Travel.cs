using Leat.Code;
using Leat.Encoding;

namespace Leat.Tests.Code;

/// <summary>Sends delegates as if to another process.</summary>
internal static class Travel
{
    public static byte[] Bytes(Delegate function)
    {
        var writer = new EncodingWriter();
        PortableFunction.Write(writer, function);
        return writer.Written.ToArray();
    }

    /// <summary>What arrives.</summary>
    public static T There<T>(T function)
        where T : Delegate => (T)Arrived(Bytes(function));

    public static Delegate Arrived(byte[] bytes)
    {
        var reader = new EncodingReader(bytes);
        Delegate function = PortableFunction.Read(reader);
        Assert.Equal(0, reader.Left);
        return function;
    }

    public static LeatException Refused(Delegate function) => Assert.ThrowsAny<LeatException>(() => Bytes(function));
}
