namespace Leat.Shell;

/// <summary><c>--log JOB</c>: what the last attempt wrote, as it is.</summary>
internal sealed class LogCommand(JobGraph graph, ShellConsole console)
{
    private const int BlockSize = 32 * 1024;

    public async Task<int> RunAsync(ShellArguments arguments)
    {
        string name = arguments.Names[0];
        JobId job = graph.TryFind(name, out IJobInput? input) ? input.Job.Id : new JobId(name);
        string? path = job.Text.Length == 0 ? null : graph.FindLog(job);
        if (path is null && input is null) TargetFinder.Find(graph, [name]);
        if (path is null) throw ShellErrors.NoLog(job);
        using var log = new StreamReader(path);
        if (arguments.IsJson)
        {
            string text = await log.ReadToEndAsync();
            JsonPage.Document(console.Output, writer =>
            {
                writer.WriteString("job", job.Text);
                writer.WriteString("path", path);
                writer.WriteString("text", text);
            });
            return ExitCode.Success;
        }

        var block = new char[BlockSize];
        for (int read = await log.ReadAsync(block); read > 0; read = await log.ReadAsync(block)) await console.Output.WriteAsync(block.AsMemory(0, read));
        return ExitCode.Success;
    }
}
