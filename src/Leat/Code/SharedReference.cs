namespace Leat.Code;

/// <summary>
/// A captured object of which only counts which one it is: it must be one of the shared objects of its <see cref="PortableFunction"/>, and
/// of what it holds no more travels than others read.
/// </summary>
internal sealed record SharedReference(object Target);
