namespace Leat.Encoding;

/// <summary>Marks a type of the library whose objects, and those of derived types, belong to the process that made them.</summary>
/// <param name="reason">Why, as a part of a sentence: what it is and, behind a semicolon, what to do.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct)]
internal sealed class StaysHereAttribute(string reason) : Attribute
{
    public string Reason { get; } = reason;
}
