using System.Collections.Concurrent;
using Leat.Code;
using Leat.Encoding;

namespace Leat.Storage;

/// <summary>What a function was, so that a later one can be compared with it.</summary>
/// <param name="Digest">The digest of its code and captured values.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Kept">When it was first called.</param>
/// <param name="Code">What the digest covers.</param>
internal sealed record FunctionRecord(Digest Digest, string Name, DateTimeOffset Kept, CodeExplanation Code);

/// <summary>Keeps what functions were, a file for each, for those who ask why a call was not found.</summary>
internal sealed class FunctionRecords(CacheDirectory directory, CacheOptions options, Seal seal)
{
    // Those that can't be told of.
    private readonly ConcurrentDictionary<Digest, bool> silent = [];

    /// <summary>Keeps a function, if it is a new one.</summary>
    public void Keep(FunctionIdentity function)
    {
        string place = directory.Function(function.Digest);
        if (File.Exists(place) || silent.ContainsKey(function.Digest)) return;
        CodeExplanation code;
        try
        {
            code = function.Explain();
        }
        catch (LeatException)
        {
            // Then nobody is told what changed of it.
            silent.TryAdd(function.Digest, true);
            return;
        }
        byte[] content = BinaryEncoding.Encode(new FunctionRecord(function.Digest, function.Name, options.Clock.GetUtcNow(), code));
        byte[] bytes = seal.Close(SealedKind.Function, content);
        directory.Writing(place, () => AtomicFile.Write(place, bytes, flush: false));
    }

    /// <summary>All that can be read.</summary>
    public IEnumerable<FunctionRecord> All() => CacheFiles.In(directory.Functions).Select(Read).OfType<FunctionRecord>();

    private FunctionRecord? Read(CacheFile file)
    {
        try
        {
            return SmallFile.TryRead(file.Path) is { } bytes && seal.Open(SealedKind.Function, bytes, out ReadOnlyMemory<byte> content) == Fault.None
                ? BinaryEncoding.Decode<FunctionRecord>(content)
                : null;
        }
        catch (Exception error) when (FileTrouble.IsOne(error) || error is EncodingException)
        {
            return null;
        }
    }
}
