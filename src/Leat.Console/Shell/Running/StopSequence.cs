using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Leat.Shell;

/// <summary>
/// Ends a run by degrees: the first interruption starts nothing more, the second ends what runs, the third is not held up any longer and ends the process.
/// A termination is like two of them.
/// </summary>
internal sealed class StopSequence(IShellRun run)
{
    private readonly ConcurrentQueue<string> news = new();
    private int interruptions;

    public bool IsStopped => Volatile.Read(ref interruptions) > 0;

    /// <summary>Ctrl-C.</summary>
    /// <returns>False if the process is to end at once.</returns>
    public bool Interrupt()
    {
        switch (Interlocked.Increment(ref interruptions))
        {
            case 1:
                run.Stop();
                int running = run.Running.Count;
                news.Enqueue(running == 0
                    ? "Stopping: nothing more is started. Ctrl-C again ends the run at once."
                    : $"Stopping: nothing more is started, {Words.Jobs(running)} still {(running == 1 ? "runs" : "run")}. Ctrl-C again ends {(running == 1 ? "it" : "them")} at once.");
                return true;
            case 2:
                run.Cancel();
                news.Enqueue("Cancelling: what runs is ended.");
                return true;
            default:
                return false;
        }
    }

    /// <summary>The system wants the process to end.</summary>
    /// <returns>False if the process is to end at once.</returns>
    public bool Terminate()
    {
        if (Interlocked.Exchange(ref interruptions, 2) >= 2) return false;
        run.Cancel();
        news.Enqueue("Cancelling: what runs is ended, because the process was asked to end.");
        return true;
    }

    /// <summary>What there is to say about it.</summary>
    public bool TryTakeNews([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? text) => news.TryDequeue(out text);

    /// <summary>From now on, until the result is disposed, signals are dealt with here.</summary>
    public IDisposable Listen() => new Signals(this);

    private sealed class Signals : IDisposable
    {
        private readonly PosixSignalRegistration interrupt;
        private readonly PosixSignalRegistration terminate;

        public Signals(StopSequence stops)
        {
            interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = stops.Interrupt());
            terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => context.Cancel = stops.Terminate());
        }

        public void Dispose()
        {
            interrupt.Dispose();
            terminate.Dispose();
        }
    }
}
