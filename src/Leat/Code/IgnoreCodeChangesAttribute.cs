namespace Leat;

/// <summary>
/// Leaves the body of a method, or of all methods of a type, out of code fingerprints: for what does not change
/// results, such as logging. What it calls does not count either; that it is called does.
/// </summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Constructor | AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Interface, Inherited = false)]
public sealed class IgnoreCodeChangesAttribute : Attribute;
