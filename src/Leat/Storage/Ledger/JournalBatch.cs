namespace Leat.Storage;

/// <summary>Records that are written at once. Their heads are filled in when it is known where they will stand.</summary>
internal sealed class JournalBatch
{
    private const int SmallestBuffer = 4096;
    private const int LargestKept = 1024 * 1024;

    private readonly TaskCompletionSource written = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private byte[] buffer;
    private int length;

    /// <summary>A batch without records.</summary>
    /// <param name="reused">The buffer of a batch that is done with, if there is one.</param>
    public JournalBatch(byte[]? reused) => buffer = reused is { Length: <= LargestKept } ? reused : new byte[SmallestBuffer];

    /// <summary>How many records it has.</summary>
    public int Count { get; private set; }

    /// <summary>Completes when the records are in the file, or with the reason why not.</summary>
    public Task Written => written.Task;

    public void Done() => written.SetResult();

    /// <summary>Tells those who wait; nobody has to.</summary>
    public void Failed(Exception error)
    {
        written.SetException(error);
        _ = written.Task.Exception;
    }

    /// <summary>Takes a record.</summary>
    /// <param name="record">The record.</param>
    /// <param name="size">Bytes of its body.</param>
    /// <returns>False if there is no room for it.</returns>
    public bool TryAdd(LedgerRecord record, int size)
    {
        long needed = (long)length + JournalFormat.HeadSize + size;
        if (needed > Array.MaxLength / 2) return false;
        if (needed > buffer.Length) Array.Resize(ref buffer, (int)Math.Max(needed, buffer.Length * 2L));
        Span<byte> place = buffer.AsSpan(length, JournalFormat.HeadSize + size);
        JournalFormat.SetLength(place, size);
        RecordForm.Write(record, place[JournalFormat.HeadSize..]);
        length = (int)needed;
        Count++;
        return true;
    }

    /// <summary>Fills in the heads, and gives the bytes.</summary>
    /// <param name="position">Where the first record is to stand.</param>
    /// <param name="number">The number of the first record.</param>
    public ReadOnlySpan<byte> Close(long position, uint number)
    {
        for (int at = 0; at < length;)
        {
            int size = JournalFormat.HeadSize + JournalFormat.LengthOf(buffer.AsSpan(at));
            JournalFormat.WriteHead(buffer.AsSpan(at, size), position + at, number++);
            at += size;
        }
        return buffer.AsSpan(0, length);
    }

    /// <summary>The buffer, which nobody needs any more.</summary>
    public byte[] TakeBuffer() => Interlocked.Exchange(ref buffer, []);
}
