namespace Leat;

/// <summary>
/// Pins the code fingerprint of a method, a lambda or all methods of a type by hand: whatever becomes of the code,
/// it counts as the same until the version is another. What the pinned code calls does not count either.
/// </summary>
/// <param name="version">Any text; another text is other code.</param>
/// <remarks>
/// A pinned method is known by its name and signature; a pinned lambda, having no name, by the method that it stands
/// in and its place among the lambdas there.
/// </remarks>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Constructor | AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Interface, Inherited = false)]
public sealed class CodeVersionAttribute(string version) : Attribute
{
    /// <summary>The version that stands for the code.</summary>
    public string Version { get; } = version;
}
