using System.Diagnostics;

namespace Leat;

/// <summary>
/// One part of an item that <see cref="Stage.Scatter"/> has split. Stages between there and <see cref="Stage.Gather{T}"/>
/// work on what is in it; it carries along to which item it belongs.
/// </summary>
/// <typeparam name="T">The type of the part.</typeparam>
[DebuggerDisplay("part {Index} of item {Item}")]
public sealed record Part<T> : IPart
{
    internal Part(PartPlace place, T[] values)
    {
        Place = place;
        Values = values;
    }

    /// <summary>The number of the item that it is a part of, counted from 0.</summary>
    public long Item => Place.Item;

    /// <summary>The number of the part in its item, counted from 0.</summary>
    public int Index => Place.Index;

    /// <summary>True for the last part of its item.</summary>
    public bool IsLast => Place.IsLast;

    internal PartPlace Place { get; }

    PartPlace IPart.Place => Place;

    // One value behind the scatter; none behind a filter that dropped it, several behind a flat map.
    internal T[] Values { get; }

    /// <summary>The part's place and values.</summary>
    public override string ToString() => $"part {Index} of item {Item}: {string.Join(", ", Values)}";
}

/// <summary>A part, whatever its type.</summary>
internal interface IPart
{
    PartPlace Place { get; }
}
