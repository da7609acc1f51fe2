using System.Text;
using Leat.Encoding;
using Leat.Storage;

namespace Leat.Jobs;

/// <summary>
/// Compares what is now with the bytes of a record, without making objects of these: of a graph of very many jobs nearly all are as they were.
/// Where something is not, <see cref="OutOfDate"/> says what.
/// </summary>
internal static class StateMatch
{
    /// <summary>Whether a job's code and its files are those of its record; then it is known by which digests it counts.</summary>
    public static bool IsIntact(JobNode node)
    {
        try
        {
            var reader = new StateReader(node.RecordBytes.Span);
            if (reader.ReadByte() != JobState.Version || reader.ReadByte() != (byte)node.Job.Kind) return false;
            if (reader.ReadDigest() != node.Code && !node.Job.IgnoresCode) return false;
            OutputPaths outputs = node.Job.Outputs;
            if (reader.ReadInt() != outputs.Count) return false;
            Digest[] contents = outputs.Count == 1 ? [] : new Digest[outputs.Count];
            for (int i = 0; i < outputs.Count; i++)
            {
                if (!IsSame(reader.ReadBytes(reader.ReadInt()), node.Job.Graph!.IdOfOutput(node.Job, i))) return false;
                FileStamp stamp = reader.ReadStamp();
                if (FileStamp.Of(outputs[i]) != stamp || (stamp.Size == 0 && !node.Job.Options.AllowEmpty)) return false;
                Digest content = reader.ReadDigest();
                if (contents.Length > 0) contents[i] = content;
                else node.Content = content;
            }

            node.Outputs = contents;
            if (contents.Length > 0) node.Content = OutOfDate.ContentOfAll(contents);
            node.InputsAt = node.RecordBytes.Length - reader.Left;
            return true;
        }
        catch (Exception error) when (error is ArgumentException or InvalidDataException)
        {
            // The record is damaged.
            return false;
        }
    }

    /// <summary>Whether a job that is intact sees its inputs as its record says.</summary>
    public static bool SawTheSame(JobNode node)
    {
        try
        {
            var reader = new StateReader(node.RecordBytes.Span[node.InputsAt..]);
            if (reader.ReadInt() != node.Inputs.Length) return false;
            foreach (NodeEdge edge in node.Inputs)
            {
                if (!IsSame(reader.ReadBytes(reader.ReadInt()), edge.Key)) return false;
                _ = reader.ReadByte();
                if (reader.ReadDigest() != edge.Node.ContentOf(edge.Output)) return false;
            }

            return true;
        }
        catch (Exception error) when (error is ArgumentException or InvalidDataException)
        {
            return false;
        }
    }

    private static bool IsSame(ReadOnlySpan<byte> bytes, string text) =>
        bytes.Length == text.Length ? Ascii.Equals(bytes, text) : bytes.Length > text.Length && System.Text.Encoding.UTF8.GetString(bytes) == text;
}
