using Leat.Streams;

namespace Leat;

public static partial class Source
{
    /// <summary>
    /// The lines of the program's standard input, in UTF-8, without their ends. It ends with the input, or when the flow
    /// is stopped. The input exists once: what one run has read, another does not get, and of two runs at the same time
    /// the second waits for the end of the first. A read that is under way when a flow ends waits on, on a thread of its own,
    /// for the next.
    /// </summary>
    public static Pipe<string> StandardInput() => From(SharedInput.OfProgram.Value, nameof(StandardInput));
}
