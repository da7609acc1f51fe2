using System.Diagnostics;

namespace Leat.Pools;

/// <summary>A way to another machine: a command whose standard streams are those of a program there.</summary>
internal interface IHostTransport
{
    /// <summary>The machine, as people call it.</summary>
    string Name { get; }

    /// <summary>The command.</summary>
    /// <param name="loader">The words of the command that is to run there.</param>
    /// <param name="patience">How long it may try to reach the machine.</param>
    ProcessStartInfo Create(IReadOnlyList<string> loader, TimeSpan patience);

    /// <summary>Why the command has ended before it had reached the machine, where that can be told from what it wrote; null where it can't.</summary>
    LeatException? Explain(int exitCode, string command, string errors);

    /// <summary>True when the machine is still to be given to the program, which may take any time.</summary>
    bool IsQueued => false;

    /// <summary>True when it is reached by the network alone, so that a new attempt may be heard sooner than one that nobody has answered.</summary>
    bool IsNetwork => false;

    /// <summary>The machine has answered.</summary>
    /// <param name="said">What was written ahead of the answer.</param>
    void OnReached(string said)
    {
        // It is where it was said to be.
    }

    /// <summary>How the command has ended after an agent had been there, where what it wrote tells that; null where it doesn't.</summary>
    AgentEnd? ExplainEnd(string errors) => null;
}
