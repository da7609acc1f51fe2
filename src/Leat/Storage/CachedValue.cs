using Leat.Encoding;

namespace Leat.Storage;

/// <summary>A result that a cache has found.</summary>
internal sealed class CachedValue
{
    /// <summary>What it is in keys.</summary>
    public Digest Digest { get; init; }

    /// <summary>How long the function took, when it ran.</summary>
    public TimeSpan Time { get; init; }

    /// <summary>When it was kept.</summary>
    public DateTimeOffset Kept { get; init; }

    /// <summary>True when the bytes are here; false when they are still in the store, and might be gone when they are asked for.</summary>
    public bool IsAtHand => throw new NotImplementedException();

    /// <summary>
    /// Loads the bytes, checks them, and puts the files that the function has made back where they are missing or different.
    /// Null when that can't be, because they were removed or damaged: what was damaged is put aside and told.
    /// </summary>
    public EncodedValue? Load() => throw new NotImplementedException();
}

/// <summary>Says why calls were not found in a cache, by comparing them with those that are in it.</summary>
internal sealed class MissExplainer
{
    /// <summary>Why a call was not found, in a phrase such as <c>argument 1 was "def" and is "xyz"</c>.</summary>
    /// <param name="key">The call.</param>
    /// <param name="arguments">Tells an argument in a few words, by its index.</param>
    public string Explain(CallKey key, Func<int, string> arguments) => throw new NotImplementedException();
}
