using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace Leat.Code;

/// <summary>
/// Takes a static constructor that the compiler put together from the initial values of static fields apart again,
/// so that a change of one field's value is none for code that reads another.
/// </summary>
internal static class StaticInitialisers
{
    /// <summary>
    /// For each field, where its part begins and behind which instruction it ends; null where the parts can't be told
    /// apart, as in <c>static int A = B = 1</c>.
    /// </summary>
    /// <param name="code">The static constructor.</param>
    /// <param name="field">Finds the field behind a token.</param>
    /// <param name="type">The type that is initialised.</param>
    public static Dictionary<FieldDefinitionHandle, Range>? Split(MethodCode code, Func<EntityHandle, FieldId?> field, TypeId type)
    {
        Dictionary<FieldDefinitionHandle, Range> parts = [];
        List<Instruction> instructions = code.Instructions;
        if (code.Regions.Count > 0) return null;
        int start = 0;
        for (int i = 0; i < instructions.Count; i++)
        {
            if (!instructions[i].Is("stsfld")) continue;
            if (field(MetadataTokens.EntityHandle(instructions[i].Token)) is not { } stored || stored.Type != type) continue;
            bool isChained = i == start || instructions[i - 1].Is("dup");
            if (isChained || !parts.TryAdd(stored.Handle, start..(i + 1))) return null;
            start = i + 1;
        }
        bool isWhole = start == instructions.Count - 1 && instructions[start].Is("ret");
        return isWhole && parts.Values.All(part => IsClosed(instructions, part)) ? parts : null;
    }

    private static bool IsClosed(List<Instruction> instructions, Range part)
    {
        int first = instructions[part.Start.Value].Offset;
        int last = instructions[part.End.Value - 1].Offset;
        for (int i = part.Start.Value; i < part.End.Value; i++)
        {
            Instruction each = instructions[i];
            IEnumerable<long> targets = each.Code.Kind switch
            {
                OperandKind.Branch => [each.Value],
                OperandKind.Switch => each.Targets!.Select(target => (long)target),
                _ => [],
            };
            if (targets.Any(target => target < first || target > last)) return false;
        }
        return true;
    }
}
