using Leat.Code;

namespace Leat.Storage;

/// <summary>A function with a cache before it. In the keys of others it counts as the function.</summary>
internal interface IWrapped : IStandsFor
{
    /// <summary>What people call it.</summary>
    string Name { get; }
}
