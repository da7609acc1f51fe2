using System.Collections.Frozen;
using System.Reflection;
using System.Reflection.Emit;

namespace Leat.Code;

/// <summary>What stands behind an opcode.</summary>
internal enum OperandKind
{
    None,
    Number,
    Single,
    Double,
    String,
    Token,
    Branch,
    Switch,
    Argument,
    Local,
}

/// <summary>An opcode without its short forms: <c>ldarg.0</c>, <c>ldarg.s</c> and <c>ldarg</c> are one.</summary>
/// <param name="Name">The name of the long form.</param>
/// <param name="Kind">What the operand means.</param>
/// <param name="Size">Bytes of the operand; of a switch, of the count before its targets.</param>
/// <param name="Implied">The operand that the opcode itself stands for, as <c>ldarg.0</c> does.</param>
/// <param name="Pops">How many values it takes from the stack; -1 where that depends on the operand.</param>
/// <param name="Pushes">How many values it puts on the stack; -1 where that depends on the operand.</param>
internal sealed record IlCode(string Name, OperandKind Kind, int Size, int Implied, int Pops, int Pushes)
{
    private static readonly FrozenDictionary<ushort, IlCode> All = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .Where(code => code.OpCodeType != OpCodeType.Nternal)
        .ToFrozenDictionary(code => (ushort)code.Value, Of);

    /// <summary>The opcode of a value, of which two bytes count if the first is 0xFE; null if there is none.</summary>
    public static IlCode? Find(ushort value) => All.GetValueOrDefault(value);

    private static IlCode Of(OpCode code)
    {
        string name = code.Name!;
        int size = code.OperandType switch
        {
            OperandType.InlineNone => 0,
            OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
            OperandType.InlineVar => 2,
            OperandType.InlineI8 or OperandType.InlineR => 8,
            _ => 4,
        };
        (int pops, int pushes) = (Values(code.StackBehaviourPop), Values(code.StackBehaviourPush));
        if (name.EndsWith(".s", StringComparison.Ordinal)) name = name[..^2];
        foreach (string family in (ReadOnlySpan<string>)["ldarg", "ldloc", "stloc", "ldc.i4"])
        {
            if (size != 0 || name.Length <= family.Length || !name.StartsWith(family, StringComparison.Ordinal)) continue;
            int implied = name.EndsWith("m1", StringComparison.Ordinal) ? -1 : name[^1] - '0';
            return new IlCode(family, family == "ldc.i4" ? OperandKind.Number : VariableKind(family), 0, implied, pops, pushes);
        }
        return new IlCode(name, KindOf(code, name), size, 0, pops, pushes);
    }

    // Their names list the values: Popi_pop1 are two.
    private static int Values(StackBehaviour behaviour) => behaviour switch
    {
        StackBehaviour.Pop0 or StackBehaviour.Push0 => 0,
        StackBehaviour.Varpop or StackBehaviour.Varpush => -1,
        _ => behaviour.ToString().Split('_').Length,
    };

    private static OperandKind KindOf(OpCode code, string name) => code.OperandType switch
    {
        OperandType.InlineNone => OperandKind.None,
        OperandType.ShortInlineBrTarget or OperandType.InlineBrTarget => OperandKind.Branch,
        OperandType.InlineSwitch => OperandKind.Switch,
        OperandType.ShortInlineR => OperandKind.Single,
        OperandType.InlineR => OperandKind.Double,
        OperandType.InlineString => OperandKind.String,
        OperandType.ShortInlineVar or OperandType.InlineVar => VariableKind(name),
        OperandType.ShortInlineI or OperandType.InlineI or OperandType.InlineI8 => OperandKind.Number,
        _ => OperandKind.Token,
    };

    private static OperandKind VariableKind(string name) =>
        name.Contains("loc", StringComparison.Ordinal) ? OperandKind.Local : OperandKind.Argument;
}

/// <summary>One instruction of a method.</summary>
/// <param name="Offset">Where it begins, in bytes.</param>
/// <param name="Code">The opcode.</param>
/// <param name="Value">The operand: a number, bits of a floating-point number, a token, or the offset that a branch goes to.</param>
/// <param name="Targets">The offsets that a switch goes to.</param>
internal readonly record struct Instruction(int Offset, IlCode Code, long Value, int[]? Targets = null)
{
    public int Token => (int)Value;

    public bool Is(string name) => Code.Name == name;
}
