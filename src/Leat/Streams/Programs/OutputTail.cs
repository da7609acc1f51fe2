namespace Leat.Streams;

/// <summary>Reads a stream to its end and keeps the last bytes of it.</summary>
internal sealed class OutputTail(int limit, Action<ReadOnlyMemory<byte>>? listener = null)
{
    private const int BufferSize = 16 * 1024;

    private readonly Lock gate = new();
    private byte[] kept = [];
    private int count;
    private bool cut;

    /// <summary>Reads on until the stream ends; what was read until it fails or is cancelled stays.</summary>
    public async Task ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[BufferSize];
        while (true)
        {
            int read = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                return;
            }

            Append(buffer.AsSpan(0, read));
            listener?.Invoke(buffer.AsMemory(0, read));
        }
    }

    /// <summary>What was read so far, as UTF-8, or the end of it where it is more than the limit.</summary>
    public override string ToString() => Last(limit);

    /// <summary>The same with a smaller limit.</summary>
    public string Last(int most)
    {
        lock (gate)
        {
            ReadOnlySpan<byte> tail = kept.AsSpan(Math.Max(0, count - most)..count);
            bool isWhole = !cut && tail.Length == count;
            while (!isWhole && tail is [>= 0x80 and < 0xC0, ..])
            {
                // The rest of a character whose start is gone.
                tail = tail[1..];
            }

            return isWhole ? System.Text.Encoding.UTF8.GetString(tail) : $"…{System.Text.Encoding.UTF8.GetString(tail)}";
        }
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        lock (gate)
        {
            if (count + (long)bytes.Length > kept.Length)
            {
                MakeRoom(bytes.Length);
            }

            bytes.CopyTo(kept.AsSpan(count));
            count += bytes.Length;
        }
    }

    private void MakeRoom(int more)
    {
        if (count > limit)
        {
            kept.AsSpan(count - limit, limit).CopyTo(kept);
            count = limit;
            cut = true;
        }

        if (count + (long)more > kept.Length)
        {
            Array.Resize(ref kept, (int)Math.Min(Array.MaxLength, Math.Max(2L * kept.Length, count + (long)more)));
        }
    }
}
