namespace Leat.Encoding;

/// <summary>Thrown by a writer that was to write no more than a part of a value, to see whether it can be encoded.</summary>
internal sealed class EnoughException() : Exception("That is enough to see that it can be encoded.");
