using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Leat.Pools;

/// <summary>
/// The file where the runs of one user on this machine write what they hold. Each run writes to a place of its own, so that damage costs
/// others nothing, and whoever takes a turn writes its place anew. Not safe for several threads.
/// </summary>
internal sealed class MachineTable : IDisposable
{
    private const int MostPlaces = 1024;
    private const int None = -1;

    private static readonly TimeSpan LongestTry = TimeSpan.FromMilliseconds(2);

    private readonly string? directory;
    private readonly TableRecord self;
    private readonly List<TableRecord> others = [];
    private SafeFileHandle file;
    private byte[] bytes = new byte[TableRecord.Size * 8];
    private int places;
    private int place = None;

    private MachineTable(string? directory, SafeFileHandle file)
    {
        (this.directory, this.file) = (directory, file);
        string command = string.Concat(Environment.CommandLine.Select(each => char.IsControl(each) ? ' ' : each));
        self = new TableRecord(BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long))), ProcessIdentity.Current, 0, 0, 0, command);
    }

    /// <summary>Tells this share from others.</summary>
    public long Id => self.Id;

    /// <summary>The living others that hold something or wait, as of this turn.</summary>
    public IReadOnlyList<TableRecord> Others => others;

    /// <summary>Opens the table; null, with a reason, if it can't be used.</summary>
    /// <param name="directory">Where it is; null for the user's usual place.</param>
    /// <param name="reason">Why it can't be used.</param>
    public static MachineTable? TryOpen(string? directory, out string? reason) =>
        TryOpenFile(directory, out reason) is { } file ? new MachineTable(directory, file) : null;

    /// <summary>
    /// Keeps others off the table, and reads it; false when somebody else has it for longer than this takes. A turn takes microseconds,
    /// so that waiting for it on the spot is cheaper than coming again.
    /// </summary>
    /// <exception cref="IOException">The table can't be used any more.</exception>
    public bool TryBeginTurn()
    {
        // A file that was deleted, as those in /tmp are at times, is one where nobody comes any more.
        if (UnixFile.Of(file) is not { Links: > 0 })
        {
            file.Dispose();
            place = None;
            file = TryOpenFile(directory, out string? reason) ?? throw new IOException(reason);
        }

        var spin = new SpinWait();
        long start = TimeProvider.System.GetTimestamp();
        while (!UnixFile.TryLock(file))
        {
            if (TimeProvider.System.GetElapsedTime(start) > LongestTry) return false;
            spin.SpinOnce();
        }

        try
        {
            Read();
            return true;
        }
        catch (Exception)
        {
            UnixFile.Unlock(file);
            throw;
        }
    }

    /// <summary>Writes what this run holds, and lets others have the table.</summary>
    public void EndTurn(int cores, long memory, long ticket)
    {
        try
        {
            TableRecord now = self with { Cores = cores, Memory = memory, Ticket = ticket };
            if (place == None)
            {
                if (now.IsEmpty) return;
                place = FreePlace();
            }

            Span<byte> mine = stackalloc byte[TableRecord.Size];
            now.Write(mine);
            if (place >= places || !mine.SequenceEqual(Place(place))) RandomAccess.Write(file, mine, (long)place * TableRecord.Size);
            if (now.IsEmpty) place = None;
        }
        finally
        {
            UnixFile.Unlock(file);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    // Not as .NET opens files, which it may lock by itself.
    private static SafeFileHandle? TryOpenFile(string? directory, out string? reason)
    {
        if (ShareFolder.TryMake(directory, out reason) is not { } folder) return null;
        string path = Path.Combine(folder, "cores");
        SafeFileHandle? opened = UnixFile.Open(path, UnixFile.OpenMode.ReadWrite | UnixFile.OpenMode.Create);
        if (opened is null) reason = $"'{path}' can't be opened: {Marshal.GetLastPInvokeErrorMessage()}";
        return opened;
    }

    private void Read()
    {
        others.Clear();
        long length = RandomAccess.GetLength(file);
        places = (int)Math.Min(length / TableRecord.Size, MostPlaces);
        if (bytes.Length < places * TableRecord.Size) bytes = new byte[places * TableRecord.Size * 2];
        places = RandomAccess.Read(file, bytes.AsSpan(0, places * TableRecord.Size), 0) / TableRecord.Size;
        int used = 0;
        place = None;
        for (int each = 0; each < places; each++)
        {
            if (TableRecord.Read(Place(each)) is not { } record || (record.Id != self.Id && !record.Process.IsAlive))
            {
                Place(each).Clear();
                continue;
            }

            // Twice in the table is only what somebody has copied there.
            if (record.Id == self.Id && place != None)
            {
                Place(each).Clear();
                RandomAccess.Write(file, Place(each), (long)each * TableRecord.Size);
                continue;
            }

            used = each + 1;
            if (record.Id == self.Id) place = each;
            else others.Add(record);
        }

        if (length > used * TableRecord.Size) RandomAccess.SetLength(file, used * TableRecord.Size);
        places = used;
    }

    private Span<byte> Place(int number) => bytes.AsSpan(number * TableRecord.Size, TableRecord.Size);

    private int FreePlace()
    {
        for (int each = 0; each < places; each++)
        {
            if (!Place(each).ContainsAnyExcept((byte)0)) return each;
        }

        return places;
    }
}
