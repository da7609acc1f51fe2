using Leat.Code;
using Leat.Encoding;

namespace Leat.Storage;

/// <summary>A function as caches know it: by its code, and by the values that it has captured.</summary>
internal sealed class FunctionIdentity
{
    private readonly Delegate function;

    private FunctionIdentity(Delegate function, string name, Digest digest)
    {
        this.function = function;
        Name = name;
        Digest = digest;
    }

    /// <summary>What people call it; it is in no key.</summary>
    public string Name { get; }

    /// <summary>The digest of its code and of what it has captured.</summary>
    public Digest Digest { get; }

    /// <summary>What the digest covers.</summary>
    public CodeExplanation Explain() => DelegateCode.Explain(function);

    /// <summary>The identity of a function at this moment: captured variables may change.</summary>
    /// <exception cref="LeatException">Its code can't be read, it writes to what it captured, or that can't be encoded.</exception>
    public static FunctionIdentity Of(Delegate function, string name) => throw new NotImplementedException();
}
