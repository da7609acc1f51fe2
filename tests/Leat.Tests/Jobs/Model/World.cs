using System.Globalization;
using Leat.Encoding;

namespace Leat.Tests.Jobs.Model;

/// <summary>The jobs of a model as they are between two runs, and their files.</summary>
internal sealed class World
{
    private readonly List<JobSpec> jobs;
    private readonly Dictionary<string, (string Path, string Text)> lost = new(StringComparer.Ordinal);
    private int clock;

    public World(string folder, IEnumerable<JobSpec> specs)
    {
        Folder = folder;
        jobs = [.. specs];
        foreach (JobSpec spec in jobs) Provide(spec);
    }

    public string Folder { get; }

    public IReadOnlyList<JobSpec> Jobs => jobs;

    /// <summary>Grows when a definition changes.</summary>
    public int Version { get; private set; }

    public static string ValuePath(string folder, string id) => Path.Combine(folder, ".leat", "values", $"{Digest.OfText(id)}.bin");

    public string this[string path] => Path.Combine(Folder, path);

    /// <summary>Sets the variables of the jobs of the environment.</summary>
    public void SetVariables(bool isOver = false)
    {
        foreach (JobSpec spec in jobs.Where(each => each.Kind == JobKind.Environment && !each.IsSpecial))
        {
            Environment.SetEnvironmentVariable(spec.Variable, isOver || spec.Captured < 0 ? null : Reading.TextOf(spec));
        }
    }

    /// <summary>Does an edit.</summary>
    /// <param name="edit">Which.</param>
    /// <param name="recorded">What a job left in a file when it last succeeded.</param>
    public void Apply(Edit edit, Func<string, byte[]?> recorded)
    {
        int at = jobs.FindIndex(each => each.Number == edit.Job);
        if (at < 0) return;
        JobSpec spec = jobs[at];
        switch (edit.Kind)
        {
            case EditKind.WriteInput or EditKind.TouchInput or EditKind.LoseInput:
                if (spec.Kind is JobKind.InputFile or JobKind.InputFiles or JobKind.InputFolder) EditInput(spec, edit);
                return;
            case EditKind.DeleteOutput or EditKind.ChangeOutput or EditKind.EmptyOutput or EditKind.TouchOutput:
                EditOutput(spec, edit, recorded);
                return;
            default:
                JobSpec changed = Changed(spec, edit);
                if (changed == spec) return;
                jobs[at] = changed;
                Version++;
                Provide(changed, spec);
                return;
        }
    }

    /// <summary>What was lost for one run is there again.</summary>
    public void Restore()
    {
        foreach ((string path, string text) in lost.Values) Write(path, text);
        lost.Clear();
    }

    private JobSpec Changed(JobSpec spec, Edit edit) => edit.Kind switch
    {
        EditKind.Code => spec with { Code = edit.Value },
        EditKind.Captured => spec with { Captured = edit.Value },
        EditKind.Drawing => spec with { Drawing = edit.Value },
        EditKind.Options => spec with { Options = edit.Value },
        EditKind.IgnoreCode when spec is { IsInvariant: false, IsMaker: false } => spec with { IgnoresCode = !spec.IgnoresCode },
        EditKind.Presence => spec with { IsAway = !spec.IsAway },
        EditKind.Dependency when edit.Other is { } other && CanDepend(spec, other) =>
            spec with { Inputs = spec.Inputs.Contains(other) ? spec.Inputs.Remove(other) : spec.Inputs.Add(other) },
        EditKind.Move when spec.Kind is JobKind.InputFile or JobKind.InputFiles => spec with { Place = edit.Value },
        EditKind.Member when spec.Kind is JobKind.InputFiles or JobKind.InputFolder => Toggled(spec, edit.File),
        EditKind.Deepen when spec.Kind == JobKind.InputFolder && spec.Files == "a" => spec with { Files = "d" },
        EditKind.Deepen when spec.Kind == JobKind.InputFolder && spec.Files == "d" => spec with { Files = "a" },
        EditKind.ChildCode when spec.Children.Length > 0 => spec with { Children = spec.Children.SetItem(edit.Value % spec.Children.Length, spec.Children[edit.Value % spec.Children.Length] with { Captured = edit.Value }) },
        _ => spec,
    };

    // Final jobs may need others of their kind, and nothing else may need them.
    private bool CanDepend(JobSpec spec, InputSpec other) =>
        other.Number < spec.Number && !spec.IsInvariant
        && jobs.Find(each => each.Number == other.Number) is { } there && (there.Kind != JobKind.Final || spec.Kind == JobKind.Final);

    private static JobSpec Toggled(JobSpec spec, char letter)
    {
        string files = spec.Files.Contains(letter, StringComparison.Ordinal) ? spec.Files.Replace(letter.ToString(), "", StringComparison.Ordinal) : string.Concat((spec.Files + letter).Order());
        return files.Length == 0 ? spec : spec with { Files = files };
    }

    // The files of an input are as its definition has them.
    private void Provide(JobSpec spec, JobSpec? before = null)
    {
        if (spec.Kind is not (JobKind.InputFile or JobKind.InputFiles or JobKind.InputFolder)) return;
        Dictionary<char, string> texts = [];
        foreach (char letter in before?.Files ?? "")
        {
            string path = this[before!.PathOf(letter)];
            texts[letter] = lost.Remove(path, out (string Path, string Text) kept) ? kept.Text : File.ReadAllText(path);
            foreach (string each in new[] { path, $"{path}.sha256", $"{path}.md5sum" }) File.Delete(each);
        }

        foreach (char letter in spec.Files)
        {
            // What only goes elsewhere keeps what is in it.
            if (!texts.TryGetValue(letter, out string? text)) text = texts.Count == 1 && spec.Files.Length == 1 ? texts.Values.Single() : string.Create(CultureInfo.InvariantCulture, $"{spec.Name} {letter}");
            Write(this[spec.PathOf(letter)], text);
            WriteSidecar(spec, letter, text);
        }
    }

    private void EditInput(JobSpec spec, Edit edit)
    {
        char letter = spec.Files[edit.Value % spec.Files.Length];
        string path = this[spec.PathOf(letter)];
        if (!File.Exists(path)) return;
        switch (edit.Kind)
        {
            case EditKind.WriteInput:
                string text = string.Create(CultureInfo.InvariantCulture, $"version {edit.Value}");
                Write(path, text);
                // Every third time it is forgotten, and so older than the file.
                if (edit.Value % 3 != 0) WriteSidecar(spec, letter, text);
                return;
            case EditKind.TouchInput:
                File.SetLastWriteTimeUtc(path, Next());
                return;
            default:
                // A folder may be empty, but must be there; sets and files must be.
                if (spec.Kind == JobKind.InputFolder) return;
                lost[path] = (path, File.ReadAllText(path));
                File.Delete(path);
                return;
        }
    }

    private void EditOutput(JobSpec spec, Edit edit, Func<string, byte[]?> recorded)
    {
        string path = spec.MakesFiles && spec.Files.Contains(edit.File, StringComparison.Ordinal) ? this[spec.PathOf(edit.File)]
            : spec.Kind == JobKind.Cached ? ValuePath(Folder, spec.Id) : "";
        if (path.Length == 0) return;
        bool exists = File.Exists(path);
        switch (edit.Kind)
        {
            case EditKind.DeleteOutput when exists:
                File.Delete(path);
                return;
            case EditKind.EmptyOutput when exists:
                File.WriteAllText(path, "");
                return;
            case EditKind.TouchOutput when exists:
                File.SetLastWriteTimeUtc(path, Next());
                return;
            case EditKind.ChangeOutput when !exists && recorded(path) is { } left && Directory.Exists(Path.GetDirectoryName(path)):
                File.WriteAllBytes(path, left);
                return;
            case EditKind.ChangeOutput when exists && edit.Value % 2 == 0 && File.ReadAllBytes(path) is [.., var last] bytes:
                // Of the same size, but at another time: what is written within the grain of the clock can't be told.
                File.WriteAllBytes(path, [.. bytes[..^1], (byte)(last ^ 1)]);
                File.SetLastWriteTimeUtc(path, Next());
                return;
            case EditKind.ChangeOutput when exists:
                File.AppendAllText(path, "?");
                return;
        }
    }

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        File.SetLastWriteTimeUtc(path, Next());
    }

    // Files with an even number have none.
    private void WriteSidecar(JobSpec spec, char letter, string text)
    {
        if (spec.Kind == JobKind.InputFolder || spec.Captured % 2 == 0) return;
        bool isMd5 = spec.Captured % 4 == 1;
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(text);
        string path = this[spec.PathOf(letter)];
#pragma warning disable CA5351 // What md5sum writes is no secret.
        string digest = Convert.ToHexStringLower(isMd5 ? System.Security.Cryptography.MD5.HashData(bytes) : System.Security.Cryptography.SHA256.HashData(bytes));
#pragma warning restore CA5351
        Write($"{path}{(isMd5 ? ".md5sum" : ".sha256")}", $"{digest}  {Path.GetFileName(path)}\n");
    }

    // All times that are set are different, and long ago.
    private DateTime Next() => new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddMinutes(++clock);
}
