using System.Buffers.Binary;

namespace Leat.Code;

/// <summary>Reads the instructions of a method from its bytes.</summary>
internal static class IlDecoder
{
    /// <summary>All instructions but <c>nop</c>, which is there for debuggers alone.</summary>
    /// <exception cref="InvalidDataException">The bytes are no code.</exception>
    public static List<Instruction> Decode(ReadOnlySpan<byte> code)
    {
        List<Instruction> instructions = [];
        int at = 0;
        while (at < code.Length)
        {
            int offset = at;
            ushort value = code[at++];
            if (value == 0xFE && at < code.Length) value = (ushort)(0xFE00 | code[at++]);
            if (IlCode.Find(value) is not { } opcode || opcode.Size > code.Length - at)
            {
                throw new InvalidDataException($"There is no instruction {value:X2} at offset {offset}.");
            }
            ReadOnlySpan<byte> operand = code.Slice(at, opcode.Size);
            at += opcode.Size;
            if (opcode.Kind == OperandKind.Switch)
            {
                int[] targets = Targets(code, ref at, BinaryPrimitives.ReadInt32LittleEndian(operand));
                instructions.Add(new Instruction(offset, opcode, 0, targets));
            }
            else if (opcode.Name != "nop")
            {
                long number = opcode.Size == 0 ? opcode.Implied : Number(operand, opcode.Kind);
                instructions.Add(new Instruction(offset, opcode, opcode.Kind == OperandKind.Branch ? at + number : number));
            }
        }
        return instructions;
    }

    private static long Number(ReadOnlySpan<byte> operand, OperandKind kind) => operand.Length switch
    {
        1 when kind is OperandKind.Argument or OperandKind.Local => operand[0],
        1 => (sbyte)operand[0],
        2 => BinaryPrimitives.ReadUInt16LittleEndian(operand),
        4 => BinaryPrimitives.ReadInt32LittleEndian(operand),
        _ => BinaryPrimitives.ReadInt64LittleEndian(operand),
    };

    private static int[] Targets(ReadOnlySpan<byte> code, ref int at, int count)
    {
        if (count < 0 || count > (code.Length - at) / sizeof(int)) throw new InvalidDataException("A switch is longer than its method.");
        int end = at + (count * sizeof(int));
        int[] targets = new int[count];
        for (int i = 0; i < count; i++)
        {
            targets[i] = end + BinaryPrimitives.ReadInt32LittleEndian(code[at..]);
            at += sizeof(int);
        }
        return targets;
    }
}
