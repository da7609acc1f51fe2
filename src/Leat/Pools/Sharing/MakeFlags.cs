using System.Globalization;

namespace Leat.Pools;

/// <summary>The job server that <c>make</c> tells of in <c>MAKEFLAGS</c> (GNU make manual, section "Sharing Job Slots with GNU make").</summary>
/// <param name="Path">The named pipe; null if it is a pipe of two descriptors.</param>
/// <param name="Input">The descriptor from which tokens are read.</param>
/// <param name="Output">The descriptor to which they are written back.</param>
/// <param name="Jobs">How many jobs there may be at a time in all; null if make does not say.</param>
internal sealed record MakeFlags(string? Path, int Input, int Output, int? Jobs)
{
    // That of make 4.2 and later, and that of those before.
    private static readonly string[] Options = ["--jobserver-auth=", "--jobserver-fds="];

    /// <summary>The job server; null if there is none, or none that this process may use.</summary>
    public static MakeFlags? Find(string? flags)
    {
        string? server = null;
        int? jobs = null;
        foreach (string word in (flags ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            // What follows are variables of the makefile. Of several options the last one counts.
            if (word == "--") break;
            if (Options.FirstOrDefault(option => word.StartsWith(option, StringComparison.Ordinal)) is { } found) server = word[found.Length..];
            else if (word.StartsWith("-j", StringComparison.Ordinal)) jobs = TryNumber(word[2..]);
        }

        const string fifo = "fifo:";
        if (server is null) return null;
        if (server.StartsWith(fifo, StringComparison.Ordinal)) return new MakeFlags(server[fifo.Length..], -1, -1, jobs);

        // Make gives negative numbers to those that it does not let take part.
        return server.Split(',') is [var read, var write] && TryNumber(read) is { } input && TryNumber(write) is { } output
            ? new MakeFlags(null, input, output, jobs)
            : null;
    }

    private static int? TryNumber(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
}
