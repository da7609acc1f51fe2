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
    private static readonly ConditionalWeakTable<Assembly, ConcurrentDictionary<(MethodInfo Method, Type Type), Digest>> Known = [];

    private readonly Delegate function;

    private FunctionIdentity(Delegate function, string name, Digest digest, ImmutableArray<FileState> files)
    {
        Files = files;
        this.function = function;
        Name = name;
        Digest = digest;
    }

    /// <summary>What people call it; it is in no key.</summary>
    public string Name { get; }

    /// <summary>The digest of its code and of what it has captured.</summary>
    public Digest Digest { get; }

    /// <summary>The files that it has captured, as they were.</summary>
    public ImmutableArray<FileState> Files { get; }

    /// <summary>What the digest covers.</summary>
    public CodeExplanation Explain() => DelegateCode.Explain(function);

    /// <summary>The identity of a function at this moment: captured variables may change.</summary>
    /// <param name="function">The function.</param>
    /// <param name="name">What people call it.</param>
    /// <param name="files">Knows the digests of captured files; by default those that this process has seen.</param>
    /// <exception cref="LeatException">Its code can't be read, it writes to what it captured, or that can't be encoded.</exception>
    public static FunctionIdentity Of(Delegate function, string name, FileDigests? files = null)
    {
        while (function.HasSingleTarget && function.Target is IStandsFor other) function = other.Function;
        if (!CapturedDigest.HasState(function)) return new FunctionIdentity(function, name, Fixed(function), []);
        var context = FileContext.ForDigest(files ?? FileDigests.Shared);
        Digest digest = CapturedDigest.Of(function, context);
        return new FunctionIdentity(function, name, digest, context.Seen ?? []);
    }

    private static Digest Fixed(Delegate function)
    {
        MethodInfo method = function.Method;
        ConcurrentDictionary<(MethodInfo Method, Type Type), Digest> known = Known.GetOrCreateValue(method.Module.Assembly);
        (MethodInfo Method, Type Type) key = (method, function.GetType());
        return known.TryGetValue(key, out Digest digest) ? digest : known.GetOrAdd(key, CapturedDigest.Of(function, context: null));
    }
}
