using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.CompilerServices;
using Leat.Code;
using Leat.Encoding;

namespace Leat.Storage;

/// <summary>A function as caches know it: by its code, and by the values that it has captured.</summary>
internal sealed class FunctionIdentity
{
    // Of functions that capture nothing: they stay what they are.
    private static readonly ConditionalWeakTable<Assembly, ConcurrentDictionary<(MethodInfo Method, Type Type, Type Result), Digest>> Known = [];

    private readonly Delegate function;
    private readonly Type result;

    private FunctionIdentity(Delegate function, Type result, string name, Digest digest, ImmutableArray<FileState> files)
    {
        this.result = result;
        Files = files;
        this.function = function;
        Name = name;
        Digest = digest;
    }

    /// <summary>What people call it; it is in no key.</summary>
    public string Name { get; }

    /// <summary>The digest of its code, of what it has captured, and of the type as which its results are kept.</summary>
    public Digest Digest { get; }

    /// <summary>The files that it has captured, as they were.</summary>
    public ImmutableArray<FileState> Files { get; }

    /// <summary>What the digest covers.</summary>
    public CodeExplanation Explain() => DelegateCode.Explain(function);

    /// <summary>False when what it has captured has another value now, or a file among that another content.</summary>
    /// <param name="files">Knows the digests of captured files.</param>
    public bool IsStillSo(FileDigests files) => !CapturedDigest.HasState(function) || Of(function, result, Name, files).Digest == Digest;

    /// <summary>The identity of a function at this moment: captured variables may change.</summary>
    /// <param name="function">The function.</param>
    /// <param name="result">The type as which its results are kept.</param>
    /// <param name="name">What people call it.</param>
    /// <param name="files">Knows the digests of captured files; by default those that this process has seen.</param>
    /// <exception cref="LeatException">Its code can't be read, it writes to what it captured, or that can't be encoded.</exception>
    public static FunctionIdentity Of(Delegate function, Type result, string name, FileDigests? files = null)
    {
        while (function.HasSingleTarget && function.Target is IStandsFor other) function = other.Function;
        if (!CapturedDigest.HasState(function)) return new FunctionIdentity(function, result, name, Fixed(function, result), []);
        var context = FileContext.ForDigest(files ?? FileDigests.Shared);
        Digest digest = WithResult(CapturedDigest.Of(function, context), result);
        return new FunctionIdentity(function, result, name, digest, context.Seen ?? []);
    }

    private static Digest Fixed(Delegate function, Type result)
    {
        MethodInfo method = function.Method;
        ConcurrentDictionary<(MethodInfo Method, Type Type, Type Result), Digest> known = Known.GetOrCreateValue(method.Module.Assembly);
        (MethodInfo Method, Type Type, Type Result) key = (method, function.GetType(), result);
        return known.TryGetValue(key, out Digest digest) ? digest : known.GetOrAdd(key, WithResult(CapturedDigest.Of(function, context: null), result));
    }

    // What is kept as one type is not read as another.
    private static Digest WithResult(Digest function, Type result) => Digest.OfText($"{function} {TypeTag.Of(result)}");
}
