using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Leat.Shell.Tests;

/// <summary>The program of <c>Leat.Console.Tests.Program</c>, which is started as a process of its own in a folder of its own.</summary>
internal sealed partial class PipelineProgram : IDisposable
{
    public const int Interrupt = 2;
    public const int Terminate = 15;

    private readonly TemporaryDirectory folder = new();

    public PipelineProgram() => folder.Write("words.txt", "wheat\nrye\nwheat\n");

    public string Folder => folder.Path;

    /// <summary>Environment variables that say what else it does.</summary>
    public Dictionary<string, string> Variables { get; } = new(StringComparer.Ordinal) { ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1" };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public string Write(string file, string text) => folder.Write(file, text);

    public bool Has(string file) => File.Exists(folder[file]) || Directory.Exists(folder[file]);

    /// <summary>Runs it to its end.</summary>
    public async Task<DotnetRun> RunAsync(params string[] arguments)
    {
        await using RunningProgram program = Start(arguments);
        return await program.EndAsync();
    }

    public RunningProgram Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(Dotnet.Host(), ["exec", Path.Combine(AppContext.BaseDirectory, "pipeline.dll"), .. arguments])
        {
            WorkingDirectory = folder.Path,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in Variables) start.Environment[name] = value;
        var process = new Process { StartInfo = start };
        process.Start();
        process.StandardInput.Close();
        return new RunningProgram(process);
    }

    public void Dispose() => folder.Dispose();

    /// <summary>One that runs; it is killed when it is disposed.</summary>
    internal sealed partial class RunningProgram(Process process) : IAsyncDisposable
    {
        private readonly Task<string> errors = process.StandardError.ReadToEndAsync(Token);
        private readonly StringWriter output = new();

        public void Signal(int signal) => Assert.Equal(0, Kill(process.Id, signal));

        /// <summary>Reads what it prints, until a line that has a text in it.</summary>
        public async Task<string> LineWithAsync(string text)
        {
            while (await process.StandardOutput.ReadLineAsync(Token) is { } line)
            {
                await output.WriteLineAsync(line.AsMemory(), Token);
                if (line.Contains(text, StringComparison.Ordinal)) return line;
            }

            Assert.Fail($"It did not print '{text}', but:\n{output}\n{await errors}");
            return "";
        }

        /// <summary>Waits for its end.</summary>
        public async Task<DotnetRun> EndAsync()
        {
            await output.WriteAsync((await process.StandardOutput.ReadToEndAsync(Token)).AsMemory(), Token);
            await process.WaitForExitAsync(Token);
            return new DotnetRun(process.ExitCode, output.ToString(), await errors);
        }

        public ValueTask DisposeAsync()
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
            process.Dispose();
            output.Dispose();
            return ValueTask.CompletedTask;
        }

        [LibraryImport("libc", EntryPoint = "kill")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        private static partial int Kill(int process, int signal);
    }
}
