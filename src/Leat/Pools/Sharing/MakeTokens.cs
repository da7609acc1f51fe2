using System.Globalization;
using System.Runtime.InteropServices;
using Leat.Storage;
using Microsoft.Win32.SafeHandles;

namespace Leat.Pools;

/// <summary>The pipe of a job server: a byte in it is a job that may run. Safe for several threads.</summary>
internal sealed class MakeTokens : IDisposable
{
    private const int CloseOnExecFlag = 0x80000;
    private const int AccessFlags = 3;

    private readonly SafeFileHandle input;
    private readonly SafeFileHandle output;

    private MakeTokens(SafeFileHandle input, SafeFileHandle output) => (this.input, this.output) = (input, output);

    /// <summary>Opens it; null, with what is wrong, if it can't be used.</summary>
    /// <remarks>
    /// Make and all its jobs share one open file behind the descriptors, and with it its mode: were it made non-blocking here, reads
    /// of theirs would fail. Were it read as it is, a read that comes too late for the last token would block, and can't be called
    /// off. So the pipe is opened once more by its name in <c>/proc</c>, which gives an open file of our own.
    /// </remarks>
    public static MakeTokens? TryOpen(MakeFlags server, out string? fault)
    {
        fault = OperatingSystem.IsLinux() ? server.Path is null ? FaultOf(server) : null : "it takes Linux";
        if (fault is not null) return null;
        if (server.Path is { } path) return TryOpen(path, UnixFile.OpenMode.ReadWrite, path, null, out fault);
        return TryOpen(NameOf(server.Input), UnixFile.OpenMode.Read, NameOf(server.Output), UnixFile.OpenMode.Write, out fault);
    }

    /// <summary>Takes a token, if there is one now.</summary>
    public bool TryTake(out byte token)
    {
        token = 0;
        return UnixFile.Read(input, MemoryMarshal.CreateSpan(ref token, 1)) == 1;
    }

    /// <summary>Gives a token back; the same byte, since make may mean something by it.</summary>
    public void Give(byte token) => _ = UnixFile.Write(output, [token]);

    /// <summary>Waits until there may be a token, but not longer than a time. Others may be quicker then.</summary>
    public void Wait(TimeSpan longest) => UnixFile.WaitForInput(input, longest);

    /// <inheritdoc/>
    public void Dispose()
    {
        input.Dispose();
        output.Dispose();
    }

    private static MakeTokens? TryOpen(string read, UnixFile.OpenMode readMode, string write, UnixFile.OpenMode? writeMode, out string? fault)
    {
        fault = null;
        SafeFileHandle? taking = UnixFile.Open(read, readMode | UnixFile.OpenMode.NonBlocking);
        SafeFileHandle? giving = taking is null || writeMode is null ? taking : UnixFile.Open(write, writeMode.Value | UnixFile.OpenMode.NonBlocking);
        if (taking is not null && giving is not null) return new MakeTokens(taking, giving);
        fault = $"its pipe can't be opened: {Marshal.GetLastPInvokeErrorMessage()}";
        taking?.Dispose();
        return null;
    }

    // To those that make does not take for makes it closes the descriptors, yet tells of them; the runtime then has files of its own
    // under these numbers. But those close on exec, and what was inherited does not.
    private static string? FaultOf(MakeFlags server)
    {
        string? link = LinkOf(server.Input);
        if (link is null || LinkOf(server.Output) is not { } other) return "make has closed its descriptors for this command";
        bool isPipe = link.StartsWith("pipe:", StringComparison.Ordinal) && link == other;
        int read = FlagsOf(server.Input), write = FlagsOf(server.Output);
        bool isInherited = ((read | write) & CloseOnExecFlag) == 0 && (read & AccessFlags) == 0 && (write & AccessFlags) == 1;
        return isPipe && isInherited ? null : "its descriptors are no longer those of make";
    }

    private static string NameOf(int descriptor) => string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{descriptor}");

    private static string? LinkOf(int descriptor)
    {
        try
        {
            return new FileInfo(NameOf(descriptor)).LinkTarget;
        }
        catch (Exception error) when (FileTrouble.IsOne(error))
        {
            return null;
        }
    }

    private static int FlagsOf(int descriptor)
    {
        const string field = "flags:";
        try
        {
            string? flags = File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fdinfo/{descriptor}"))
                .FirstOrDefault(line => line.StartsWith(field, StringComparison.Ordinal));
            return flags is null ? -1 : Convert.ToInt32(flags[field.Length..].Trim(), 8);
        }
        catch (Exception error) when (FileTrouble.IsOne(error) || error is FormatException)
        {
            return -1;
        }
    }
}
