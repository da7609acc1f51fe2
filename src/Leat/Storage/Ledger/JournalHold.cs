using Microsoft.Win32.SafeHandles;

namespace Leat.Storage;

/// <summary>
/// The right to write to a journal. On one machine the system's lock on a file decides, which ends with its process. Where
/// machines share a directory the lock may not reach from one to the other; then the sign of life in the holder's file does.
/// </summary>
internal sealed class JournalHold : IDisposable
{
    private const int BeatsPerTimeout = 8;
    private const int WouldBlock = 11;
    private const int SharingViolation = unchecked((int)0x80070020);

    private readonly JournalPaths paths;
    private readonly JournalOptions options;
    private readonly SafeFileHandle file;
    private readonly HolderFile self;
    private readonly ITimer timer;
    private long lastBeat;
    private LeatException? loss;

    private JournalHold(JournalPaths paths, JournalOptions options, SafeFileHandle file, HolderFile self)
    {
        (this.paths, this.options, this.file, this.self) = (paths, options, file, self);
        lastBeat = options.Clock.GetTimestamp();
        TimeSpan beat = options.HolderTimeout / BeatsPerTimeout;
        timer = options.Clock.CreateTimer(static hold => ((JournalHold)hold!).Beat(), this, beat, beat);
    }

    /// <summary>Takes it.</summary>
    /// <exception cref="LedgerHeldException">Another run has it.</exception>
    public static JournalHold Take(JournalPaths paths, LedgerRun run, JournalOptions options)
    {
        SafeFileHandle? locked = Lock(paths);
        try
        {
            if (HolderFile.TryRead(paths.Holder) is { IsOfThisMachine: false } other && Lives(paths, options)) throw LedgerErrors.Held(paths.Root, other.Holder);
            var holder = new LedgerHolder(
                Environment.ProcessId, Environment.MachineName, Environment.UserName, options.Clock.GetUtcNow(), run.Id, run.CommandLine);
            var own = new HolderFile(Guid.NewGuid().ToString("N"), HolderFile.ThisBoot, holder);
            AtomicFile.Write(paths.Holder, System.Text.Encoding.UTF8.GetBytes(own.ToString()), flush: false);
            var hold = new JournalHold(paths, options, locked, own);
            locked = null;
            return hold;
        }
        finally
        {
            locked?.Dispose();
        }
    }

    /// <summary>Refuses to go on when another run has taken the journal, because this one gave no sign of life for too long.</summary>
    /// <exception cref="LeatException">One has.</exception>
    public void Verify()
    {
        if (options.Clock.GetElapsedTime(Interlocked.Read(ref lastBeat)) > options.HolderTimeout / 2) Beat();
        if (Volatile.Read(ref loss) is { } error) throw error;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        timer.Dispose();
        try
        {
            if (HolderFile.TryRead(paths.Holder)?.Id == self.Id) File.Delete(paths.Holder);
        }
        catch (Exception error) when (FileTrouble.IsOne(error))
        {
            // Without the lock, and without signs of life, it says nothing.
        }
        file.Dispose();
    }

    private static SafeFileHandle Lock(JournalPaths paths)
    {
        try
        {
            return File.OpenHandle(paths.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException error) when (error.HResult is WouldBlock or SharingViolation)
        {
            throw LedgerErrors.Held(paths.Root, HolderFile.TryRead(paths.Holder)?.Holder);
        }
    }

    // Both times are of the file system, whose clock may not be this machine's.
    private static bool Lives(JournalPaths paths, JournalOptions options) =>
        FileTouch.Now(paths.Lock) && File.GetLastWriteTimeUtc(paths.Lock) - File.GetLastWriteTimeUtc(paths.Holder) < options.HolderTimeout;

    private void Beat()
    {
        try
        {
            HolderFile? now = HolderFile.TryRead(paths.Holder);
            if (now?.Id == self.Id) FileTouch.Now(paths.Holder);
            else if (now is not null) Volatile.Write(ref loss, LedgerErrors.TakenOver(paths.Root, now.Holder));
            Interlocked.Exchange(ref lastBeat, options.Clock.GetTimestamp());
        }
        catch (Exception error) when (FileTrouble.IsOne(error))
        {
            // It may go better at the next beat; and before the next record is written.
        }
    }
}
