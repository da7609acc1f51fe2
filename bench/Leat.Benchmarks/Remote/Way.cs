using System.Diagnostics;
using Leat.Benchmarks.Streams;

namespace Leat.Benchmarks.Remote;

/// <summary>A way to another machine, and what it can do without Leat.</summary>
internal abstract class Way(string name, IReadOnlyList<string> command) : IDisposable
{
    private readonly List<Pool> pools = [];

    public string Name => name;

    /// <summary>How much of what is measured is enough.</summary>
    public virtual int Part => 1;

    /// <summary>A pool that goes this way.</summary>
    public abstract Pool Open(int workers);

    /// <summary>Takes away what was kept at the other end.</summary>
    public abstract void Forget();

    /// <summary>These end before the way does.</summary>
    public void AtEnd(params Pool[] used) => pools.AddRange(used);

    public void Dispose()
    {
        foreach (Pool pool in pools) pool.DisposeAsync().AsTask().GetAwaiter().GetResult();
        Close();
    }

    /// <summary>Milliseconds of a command that does nothing.</summary>
    public async Task<double> EmptyAsync()
    {
        long start = Stopwatch.GetTimestamp();
        using Process process = Start("true");
        await process.WaitForExitAsync();
        Check.That(process.ExitCode == 0, $"{name} ended with exit code {process.ExitCode}");
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    /// <summary>Median microseconds of 16 bytes there and back.</summary>
    public Task<double> RoundTripAsync(int count) => Task.Run(() =>
    {
        using Process process = Start("cat");
        List<double> times = [];
        byte[] bytes = new byte[16];
        for (int i = 0; i < count; i++)
        {
            long start = Stopwatch.GetTimestamp();
            process.StandardInput.BaseStream.Write(bytes);
            process.StandardInput.BaseStream.Flush();
            process.StandardOutput.BaseStream.ReadExactly(bytes);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
        }

        End(process);
        times.Sort();
        return times[times.Count / 2];
    });

    /// <summary>GB/s to the other end.</summary>
    public Task<double> ThereAsync(int size, int count) => MeasureAsync("cat > /dev/null", size, count, expected: 0);

    /// <summary>GB/s to the other end, while as much comes back.</summary>
    public Task<double> ThereAndBackAsync(int size, int count) => MeasureAsync("cat", size, count, (long)size * count);

    protected abstract void Close();

    /// <summary>Runs one of the repository's scripts that bring up servers; false where that fails.</summary>
    protected static bool TryRun(string script, string what, string place)
    {
        if (!File.Exists(script)) return false;
        using Process process = Process.Start(new ProcessStartInfo(script, [what, place]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    private async Task<double> MeasureAsync(string words, int size, int count, long expected)
    {
        byte[] item = [.. Enumerable.Range(0, size).Select(i => (byte)i)];
        long start = Stopwatch.GetTimestamp();
        using Process process = Start(words);
        Task<long> reading = Task.Run(() => CountAsync(process.StandardOutput.BaseStream));
        for (int i = 0; i < count; i++) await process.StandardInput.BaseStream.WriteAsync(item);
        End(process);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        long came = await reading;
        Check.That(came == expected, $"{came} bytes came back");
        return (double)size * count / seconds / 1e9;
    }

    private static async Task<long> CountAsync(Stream stream)
    {
        byte[] buffer = new byte[256 * 1024];
        long count = 0;
        while (await stream.ReadAsync(buffer) is var read and > 0) count += read;
        return count;
    }

    private static void End(Process process)
    {
        process.StandardInput.Close();
        process.WaitForExit();
    }

    private Process Start(string words) => Process.Start(new ProcessStartInfo(command[0], [.. command.Skip(1), "sh", "-c", Quoted(words)])
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        UseShellExecute = false,
    })!;

    /// <summary>Words as the command wants one of its words.</summary>
    protected abstract string Quoted(string words);
}
