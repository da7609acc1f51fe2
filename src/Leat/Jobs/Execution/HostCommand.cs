using System.Runtime.CompilerServices;
using Leat.Pools;
using Leat.Streams;

namespace Leat.Jobs;

/// <summary>A program on its way to another machine, where a worker process runs it.</summary>
/// <param name="Job">The name of its job.</param>
/// <param name="Line">The program and its arguments.</param>
/// <param name="Directory">Where it runs.</param>
/// <param name="Variables">Environment variables for it; one without a value is taken away.</param>
/// <param name="SuccessCodes">The exit codes of a success.</param>
/// <param name="IsFromStandardOutput">True when what it writes to its standard output becomes the first output.</param>
internal sealed record HostCommand(string Job, string[] Line, string Directory, KeyValuePair<string, string?>[] Variables, int[] SuccessCodes, bool IsFromStandardOutput)
{
    /// <summary>How the files of the author's machine look where it runs; null where they are shared.</summary>
    public HostView? View { get; init; }

    public static HostCommand Of(ActionCall call)
    {
        var job = (CommandJob)call.Job;
        ProgramStart start = CommandRunner.StartOf(call, job.Plan!, job.Plan!.ArgumentsFor(call.Paths), job.Graph!.Folder);
        string[] line = [start.FileName, .. start.Arguments];
        if (call.View is { } view)
        {
            var paths = new ArgumentPaths([.. call.Transfer!.All, .. call.Paths, .. job.Outputs]);
            line = [.. line.Select(each => paths.Map(each, view.Map))];
            start = start with { WorkingDirectory = view.Map(start.WorkingDirectory!) };
        }

        return new HostCommand(job.Id.Text, line, start.WorkingDirectory!, [.. start.Environment], [.. start.SuccessCodes], job.Plan!.IsFromStandardOutput) { View = call.View };
    }

    /// <summary>Runs it. It belongs to the worker's process group, so that it ends with the worker.</summary>
    public async Task RunAsync(string[] paths)
    {
        if (View is not null)
        {
            PrivateFolder.Hold(View.Root);
            System.IO.Directory.CreateDirectory(Directory);
        }

#pragma warning disable RS0030 // What the author's program writes goes where what his code writes goes: to the log of the job.
        Stream log = Console.OpenStandardOutput();
#pragma warning restore RS0030
        var writing = new Lock();
        await using ConfiguredAsyncDisposable logDisposal = log.ConfigureAwait(false);
        var start = new ProgramStart(Line[0], Line[1..]) { WorkingDirectory = Directory, Environment = Variables.ToDictionary(StringComparer.Ordinal), SuccessCodes = [.. SuccessCodes] };
        RunningProgram program = RunningProgram.Start(start, CommandRunner.TailBytes, Write);
        await using ConfiguredAsyncDisposable disposal = program.ConfigureAwait(false);
        int code = await CommandRunner.FinishAsync(program, IsFromStandardOutput ? paths[0] : null, Write).ConfigureAwait(false);
        if (!SuccessCodes.Contains(code)) throw ExecutionErrors.CommandFailed(Job, CommandPlan.TextOf(Line), CommandRunner.EndOf(code), program.Errors, View?.Host);

        void Write(ReadOnlyMemory<byte> bytes)
        {
            lock (writing) log.Write(bytes.Span);
        }
    }
}

/// <summary>Runs a program in a worker process that it has for itself.</summary>
internal sealed class HostCommandTask(HostCommand command) : PoolTask<ActionItem, bool>
{
    public override bool NeedsDisposal => false;

    public static Func<PoolTask<ActionItem, bool>> TaskOf(HostCommand command) => () => new HostCommandTask(command);

    public override async ValueTask RunAsync(ActionItem item, ITaskOutput<bool> output, CancellationToken cancellationToken)
    {
        await command.RunAsync(item.Paths).ConfigureAwait(false);
        await output.AddAsync(true).ConfigureAwait(false);
    }
}
