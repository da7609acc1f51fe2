using System.Security.Cryptography;
using Leat.Encoding;

namespace Leat.Pools;

/// <summary>How a worker says who it is.</summary>
internal static class Handshake
{
    public static ReadOnlySpan<byte> Hello(ReadOnlySpan<byte> token)
    {
        var writer = new EncodingWriter();
        writer.Write(Protocol.Magic);
        writer.Write(Protocol.Version);
        writer.WriteBytes(token);
        return writer.Written;
    }

    /// <summary>Why a message is not the greeting of the worker that has this token; null if it is.</summary>
    public static string? Fault(Frame hello, ReadOnlySpan<byte> token)
    {
        if ((FromWorker)hello.Kind != FromWorker.Hello || hello.Body.Length != sizeof(ulong) + sizeof(int) + token.Length)
        {
            return "it did not greet as a worker does";
        }

        var reader = new EncodingReader(hello.Body);
        ulong magic = reader.Read<ulong>();
        int version = reader.Read<int>();
        return magic != Protocol.Magic ? "it did not greet as a worker does"
            : version != Protocol.Version ? "it speaks another version of the protocol; both sides must use the same Leat"
            : !CryptographicOperations.FixedTimeEquals(reader.Take(token.Length), token) ? "it does not know the token that was given to the worker"
            : null;
    }
}
