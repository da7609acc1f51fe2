using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace Leat.Code;

/// <summary>
/// Which fields of a captured <c>this</c> a delegate uses: those that its own code, and the methods that it calls on
/// the object, read. Nothing is known once the object goes anywhere else: as an argument, into a field or an array,
/// back to a caller, or to code of another assembly, which might call it back by an interface or an override.
/// </summary>
/// <param name="Read">The fields that are read; null if the object gets out of sight, and all of it counts.</param>
/// <param name="Written">The fields that the delegate's own code, without what it calls, assigns to.</param>
internal sealed record ThisUse(ImmutableArray<FieldInfo>? Read, ImmutableArray<FieldInfo> Written)
{
    /// <summary>Nothing is known.</summary>
    public static readonly ThisUse Anything = new(null, []);

    /// <summary>Follows the object through the code of a method.</summary>
    /// <param name="method">The delegate's method.</param>
    /// <param name="type">The type of the object.</param>
    /// <param name="graph">Where the code is.</param>
    public static ThisUse Of(MethodInfo method, Type type, CodeGraph graph)
    {
        if (graph.Find(method) is not { } root) return Anything;
        Dictionary<TypeId, Type> levels = Levels(type, graph);
        // A static method has the object as an argument.
        if (levels.Count == 0 || method.IsStatic) return Anything;

        var rootUnit = new UnitId(root);
        HashSet<FieldId> read = [];
        ImmutableArray<FieldInfo> written = [];
        bool isInSight = true;
        HashSet<UnitId> seen = [rootUnit];
        var queue = new Queue<UnitId>(seen);
        while (queue.TryDequeue(out UnitId id) && isInSight)
        {
            CodeUnit unit = graph.UnitAsWritten(id);
            var flow = new ThisFlow(graph, levels);
            foreach (MethodId body in unit.Bodies) flow.Follow(body);
            if (id == rootUnit) written = Loaded(flow.Written, levels);
            read.UnionWith(flow.Read);
            isInSight = !flow.IsLost;
            foreach (MethodId called in flow.Called)
            {
                // What the compiler made is part of the unit that it was made of.
                if (!GeneratedNames.IsGenerated(called) && seen.Add(new UnitId(called))) queue.Enqueue(new UnitId(called));
            }
        }
        return new ThisUse(isInSight ? Loaded(read, levels) : null, written);
    }

    // The type and its base types, as far as they are the author's own.
    private static Dictionary<TypeId, Type> Levels(Type type, CodeGraph graph)
    {
        Dictionary<TypeId, Type> levels = [];
        for (Type? level = type; level is not null && graph.Own.Find(level.Assembly) is { } module; level = level.BaseType)
        {
            levels.Add(new TypeId(module, (TypeDefinitionHandle)MetadataTokens.EntityHandle(level.MetadataToken)), level);
        }
        return levels;
    }

    private static ImmutableArray<FieldInfo> Loaded(IEnumerable<FieldId> fields, Dictionary<TypeId, Type> levels) =>
        [.. fields.Select(field => levels[field.Type].GetField(field.Name, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)!)];
}
