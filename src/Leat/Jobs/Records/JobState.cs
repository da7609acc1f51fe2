using Leat.Encoding;
using Leat.Storage;

namespace Leat.Jobs;

/// <summary>An output as a job left it, or an input file as it was looked at.</summary>
/// <param name="Path">Its path from the graph's folder, or the whole path of one outside.</param>
/// <param name="Stamp">Its size and times.</param>
/// <param name="Content">The digest by which it counts.</param>
internal readonly record struct RecordedFile(string Path, FileStamp Stamp, Digest Content);

/// <summary>An input as a job saw it.</summary>
/// <param name="Key">The id of the input's job; behind a zero character the name of the output, where only that is depended on.</param>
/// <param name="IsMovable">True for a file that counts by its name, wherever it lies.</param>
/// <param name="Content">The digest by which it counted.</param>
internal readonly record struct RecordedInput(string Key, bool IsMovable, Digest Content);

/// <summary>What a job saw and left, as it is kept in the state of a ledger's record. <c>docs/jobs-format.md</c> describes the bytes.</summary>
/// <param name="Kind">What the job was: only files of jobs that make files are ever removed.</param>
/// <param name="Code">The digest of its action with what that has captured, or of its command line; all zeros where it does not count.</param>
/// <param name="Outputs">What it left.</param>
/// <param name="Inputs">What it saw, ordered by key.</param>
/// <param name="Value">The value of a parameter; else empty.</param>
internal sealed record JobState(JobKind Kind, Digest Code, RecordedFile[] Outputs, RecordedInput[] Inputs, byte[] Value)
{
    /// <summary>The version of the bytes.</summary>
    public const byte Version = 1;

    public byte[] ToBytes()
    {
        var writer = new StateWriter();
        writer.Write(Version);
        writer.Write((byte)Kind);
        writer.Write(Code);
        writer.Write(Outputs.Length);
        foreach (RecordedFile output in Outputs)
        {
            writer.Write(output.Path);
            writer.Write(output.Stamp.Size);
            writer.Write(output.Stamp.Written.Ticks);
            writer.Write(output.Stamp.Changed.Ticks);
            writer.Write(output.Content);
        }

        writer.Write(Inputs.Length);
        foreach (RecordedInput input in Inputs)
        {
            writer.Write(input.Key);
            writer.Write((byte)(input.IsMovable ? 1 : 0));
            writer.Write(input.Content);
        }

        writer.Write(Value.Length);
        writer.Write(Value);
        return writer.ToArray();
    }

    /// <summary>Reads a state; null if it is damaged, or of a newer Leat: then the job counts as one that never ran.</summary>
    public static JobState? TryRead(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var reader = new StateReader(bytes);
            if (reader.ReadByte() != Version) return null;
            var kind = (JobKind)reader.ReadByte();
            Digest code = reader.ReadDigest();
            const int smallestOutput = 4 + 24 + Digest.Size, smallestInput = 5 + Digest.Size;
            var outputs = new RecordedFile[reader.ReadCount(smallestOutput)];
            for (int i = 0; i < outputs.Length; i++) outputs[i] = new RecordedFile(reader.ReadText(), reader.ReadStamp(), reader.ReadDigest());
            var inputs = new RecordedInput[reader.ReadCount(smallestInput)];
            for (int i = 0; i < inputs.Length; i++) inputs[i] = new RecordedInput(reader.ReadText(), reader.ReadByte() != 0, reader.ReadDigest());
            return new JobState(kind, code, outputs, inputs, reader.ReadBytes(reader.ReadCount(1)).ToArray());
        }
        catch (Exception error) when (error is ArgumentException or InvalidDataException)
        {
            return null;
        }
    }
}
