using Leat.Jobs;

namespace Leat;

// Jobs that run other programs, and jobs that draw.
public sealed partial class JobGraph
{
    /// <summary>
    /// A job that runs another program, without a shell, to make a file: <c>graph.Command("sorted.bam", path => $"samtools sort {reads} -o {path}")</c>.
    /// Jobs in the holes are what it depends on. Its standard output and error are kept in the job's log.
    /// </summary>
    /// <param name="path">The file, absolute or from the graph's folder. The path from there is the job's name.</param>
    /// <param name="line">Makes the command line for a path: that of the file, or a temporary one with the same file name, which becomes it when the program has succeeded.</param>
    /// <param name="standardOutput">True if the program writes to its standard output, which is to become the (first) file; false by default.</param>
    /// <param name="command">How the program is run; null for the defaults. Its folder is the graph's unless that says another.</param>
    /// <param name="options">How the job is run; null for the defaults.</param>
    /// <exception cref="LeatException">There is another job of that name or with that file, or the graph runs.</exception>
    public CommandJob Command(string path, Func<string, CommandLine> line, bool standardOutput = false, CommandOptions? command = null, JobOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(line);
        (JobId id, string full) = FileOf(path);
        return AddCommand(id, new OutputPaths(id.Text, full), paths => line(paths[0]), standardOutput, command, options);
    }

    /// <summary>A job that runs another program, without a shell, to make several files, all of them or none.</summary>
    /// <param name="id">The job's name.</param>
    /// <param name="outputs">A name for each file, and its path, absolute or from the graph's folder.</param>
    /// <param name="line">Makes the command line for paths: those of the files, or temporary ones with the same file names, which become them when the program has succeeded.</param>
    /// <param name="standardOutput">True if the program writes to its standard output, which is to become the (first) file; false by default.</param>
    /// <param name="command">How the program is run; null for the defaults. Its folder is the graph's unless that says another.</param>
    /// <param name="options">How the job is run; null for the defaults.</param>
    /// <exception cref="LeatException">There is another job of that name or with one of the files, or the graph runs.</exception>
    public CommandJob Command(string id, IEnumerable<(string Name, string Path)> outputs, Func<OutputPaths, CommandLine> line, bool standardOutput = false, CommandOptions? command = null, JobOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(line);
        return AddCommand(IdOfText(id), PathsOf(outputs), line, standardOutput, command, options);
    }

    /// <summary>
    /// A job that draws data: one function computes the data, which is kept, and another draws it, with whatever library it likes. A change of the
    /// drawing draws again and computes nothing.
    /// </summary>
    /// <typeparam name="T">The type of the data; anything that can be encoded.</typeparam>
    /// <param name="path">The drawing, absolute or from the graph's folder. The path from there is the job's name.</param>
    /// <param name="data">Computes the data, which must not be null.</param>
    /// <param name="draw">Draws it, into the file at the path that it is given.</param>
    /// <param name="table">
    /// A file for the data as a table, with a line for each element and a column for each of its properties: parted by commas where it ends with
    /// <c>.csv</c>, else by tabs. Null, the default, for none.
    /// </param>
    /// <param name="options">How the jobs are run; null for the defaults.</param>
    /// <exception cref="LeatException">There is another job of that name or with one of the files, or the graph runs.</exception>
    public PlotJob<T> Plot<T>(string path, Func<T> data, Action<T, string> draw, string? table = null, JobOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(draw);
        (JobId id, string full) = FileOf(path);
        CachedJob<T> kept = Cached($"{id} (data)", data, options);
        FileJob? written = table is null ? null : File(table, new PlotTableAction<T>(kept).Write, options).DependsOn(kept);
        var body = JobBody.Of(draw, (paths, _) =>
        {
            draw(kept.Value, paths[0]);
            return default;
        });
        PlotJob<T> plot = Add(new PlotJob<T>(this, id, full, body, kept, written, options));
        AddEdge(plot, new JobEdge(kept, -1));
        return plot;
    }

    private CommandJob AddCommand(JobId id, OutputPaths outputs, Func<OutputPaths, CommandLine> line, bool standardOutput, CommandOptions? command, JobOptions? options)
    {
        // Once for what it depends on, and for the errors of the line.
        CommandLine declared = line(outputs);
        _ = declared.Arguments;
        CommandJob job = Add(new CommandJob(this, id, outputs, new CommandPlan(line, command ?? new CommandOptions(), standardOutput), options));
        foreach (IJobInput input in declared.Inputs) Dependencies.AddTo(job, input);
        return job;
    }
}
