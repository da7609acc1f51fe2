namespace Leat.Tests.Jobs.Model;

/// <summary>What an action has captured.</summary>
/// <param name="Folder">The graph's folder.</param>
/// <param name="Self">The id of its job.</param>
/// <param name="Captured">A number.</param>
/// <param name="Inputs">What it reads.</param>
/// <param name="Others">The ids of what it reads from its surroundings, because it can't be captured.</param>
internal sealed record Given(string Folder, string Self, int Captured, IJobInput[] Inputs, string[] Others)
{
    /// <summary>The action is called.</summary>
    public Ending Begin()
    {
        Surroundings surroundings = Surroundings.Of(Folder);
        surroundings.Begin(Self);
        return new Ending(surroundings);
    }

    /// <summary>What its inputs say.</summary>
    public string[] Texts()
    {
        Surroundings surroundings = Surroundings.Of(Folder);
        IEnumerable<IJobInput> injected = surroundings.Injected
            .Where(each => each.Key.Job == Self)
            .OrderBy(each => each.Key.Injector)
            .SelectMany(each => each.Value);
        return [.. Inputs.Select(Read), .. Others.Select(each => surroundings.Texts[each]), .. injected.Select(Read)];
    }

    /// <summary>Throws if it is to fail.</summary>
    public void FailIfTold()
    {
        if (Surroundings.Of(Folder).Failing.Contains(Self)) throw new InvalidOperationException($"'{Self}' was told to fail.");
    }

    /// <summary>Writes an output; where it is to fail, only a part of it.</summary>
    public void Write(string path, string text)
    {
        if (Surroundings.Of(Folder).Failing.Contains(Self)) File.WriteAllText(path, "a part");
        FailIfTold();
        File.WriteAllText(path, text);
    }

    private string Read(IJobInput input) => input switch
    {
        FileJob job => File.ReadAllText(job.Path),
        JobOutput output => File.ReadAllText(output.Path),
        FilesJob job => string.Join('|', job.Paths.Select(File.ReadAllText)),
        CommandJob job => File.ReadAllText(job.Path),
        PlotJob<Row[]> job => File.ReadAllText(job.Path),
        CachedJob<string> job => job.Value,
        LoadJob<string> job => job.Value,
        AttributeJob job => Surroundings.Of(Folder).HolderOf(job.Id.Text).Value ?? throw new InvalidOperationException($"'{job.Id}' was not loaded for '{Self}'."),
        InputFileJob job => File.ReadAllText(job.Path),
        InputFilesJob job => FileTexts.OfSet(job.Paths),
        InputFolderJob job => FileTexts.OfFolder(job.Path),
        _ => throw new InvalidOperationException($"'{input.Job.Id}' can't be read."),
    };
}

/// <summary>That an action is running; over when it is disposed of.</summary>
internal sealed class Ending(Surroundings surroundings) : IDisposable
{
    public void Dispose() => surroundings.End();
}

/// <summary>The texts of sets of files.</summary>
internal static class FileTexts
{
    /// <summary>Of files that count by their places in the folder that holds all of them.</summary>
    public static string OfSet(IEnumerable<string> paths)
    {
        string[][] parts = [.. paths.Select(path => path.Split('/'))];
        int shared = 0;
        while (parts.Length > 0 && parts.All(each => shared < each.Length - 1 && each[shared] == parts[0][shared])) shared++;
        return Of(parts.Select(each => (string.Join('/', each[shared..]), string.Join('/', each))));
    }

    public static string OfFolder(string folder) =>
        Of(Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Select(path => (Path.GetRelativePath(folder, path), path)));

    private static string Of(IEnumerable<(string Name, string Path)> files) =>
        string.Join('|', files.OrderBy(each => each.Name, StringComparer.Ordinal).Select(each => $"{each.Name}={File.ReadAllText(each.Path)}"));
}
