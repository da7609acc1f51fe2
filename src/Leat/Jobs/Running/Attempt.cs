using Leat.Encoding;
using Leat.Storage;

namespace Leat.Jobs;

/// <summary>The files of one attempt at a job: made under temporary names, and renamed all together when it has succeeded.</summary>
internal sealed class Attempt
{
    private readonly Workspace workspace;
    private readonly JobNode node;
    private readonly string[] folders;
    // Of a job that writes in place, what was there before.
    private readonly string[] aside;

    /// <summary>Begins an attempt: what a job that writes in place would write over is put aside.</summary>
    /// <param name="workspace">Where the folders are from.</param>
    /// <param name="node">The job.</param>
    /// <param name="paths">Where the action writes.</param>
    /// <param name="folders">Folders for this attempt alone, which are there, and empty.</param>
    public Attempt(Workspace workspace, JobNode node, OutputPaths paths, string[] folders)
    {
        this.workspace = workspace;
        this.node = node;
        this.folders = folders;
        aside = node.Job.Body is { WritesInPlace: true } && folders.Length > 0 ? paths.ToArray() : [];
        Paths = aside.Length > 0 ? node.Job.Outputs : paths;
        Incoming = paths;
        for (int i = 0; i < aside.Length; i++)
        {
            if (File.Exists(Paths[i])) File.Move(Paths[i], aside[i]);
        }
    }

    /// <summary>Where the action writes.</summary>
    public OutputPaths Paths { get; }

    /// <summary>Names in the folders of this attempt alone, on the same disks, for what comes from another machine and is not there in full.</summary>
    public OutputPaths Incoming { get; }

    /// <summary>What it wrote beside its outputs, and lost thereby; usually nothing.</summary>
    public IReadOnlyList<string> Undeclared { get; private set; } = [];

    /// <summary>Checks what was made, gives it its names, and finds out its digests.</summary>
    /// <returns>What the job has left.</returns>
    /// <exception cref="LeatException">An output is missing or empty.</exception>
    /// <exception cref="IOException">A file can't be renamed or read.</exception>
    public RecordedFile[] Commit()
    {
        Check();
        OutputPaths outputs = node.Job.Outputs;
        var recorded = new RecordedFile[Paths.Count];
        // Read first, so that the time between the first and the last renaming is short.
        var contents = new Digest[Paths.Count];
        for (int i = 0; i < contents.Length; i++) contents[i] = FileContent.DigestOf(Paths[i]);
        for (int i = 0; i < recorded.Length; i++)
        {
            if (aside.Length == 0) File.Move(Paths[i], outputs[i], overwrite: true);
            FileStamp stamp = FileStamp.Of(outputs[i]) ?? throw JobErrors.OutputNotMade(node.Job, [outputs.Names[i]]);
            recorded[i] = new RecordedFile(node.Job.Graph!.IdOfPath(outputs[i]), stamp, contents[i]);
        }

        GiveFoldersBack();
        return recorded;
    }

    /// <summary>Removes what a failure has left, or keeps it under other names; what was there before comes back.</summary>
    /// <param name="isLost">True where nothing has failed but the machine: another attempt will do it.</param>
    public void Discard(bool isLost = false)
    {
        OutputPaths outputs = node.Job.Outputs;
        for (int i = 0; i < Paths.Count && folders.Length > 0; i++)
        {
            try
            {
                if (node.Job.Options.KeepBroken && !isLost && File.Exists(Paths[i])) File.Move(Paths[i], $"{outputs[i]}.broken", overwrite: true);
                else if (aside.Length > 0) File.Delete(Paths[i]);
                if (aside.Length > 0 && File.Exists(aside[i])) File.Move(aside[i], outputs[i], overwrite: true);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // A folder in the place of a file, a disk that is gone: the job has failed, and that is told.
            }
        }

        foreach (string folder in folders) Workspace.TryDelete(folder);
    }

    private void Check()
    {
        List<string> missing = [], empty = [];
        for (int i = 0; i < Paths.Count; i++)
        {
            if (FileStamp.Of(Paths[i]) is not { } stamp) missing.Add(node.Job.Outputs.Names[i]);
            else if (stamp.Size == 0 && !node.Job.Options.AllowEmpty) empty.Add(node.Job.Outputs.Names[i]);
        }

        if (missing.Count > 0) throw JobErrors.OutputNotMade(node.Job, missing, isFolder: Paths.Any(Directory.Exists));
        if (empty.Count > 0) throw JobErrors.OutputEmpty(node.Job, empty);
    }

    private void GiveFoldersBack()
    {
        foreach (string before in aside) File.Delete(before);
        foreach (string folder in folders)
        {
            // An action may have removed its own.
            if (!Directory.Exists(folder)) continue;
            string[] left = Directory.GetFileSystemEntries(folder);
            if (left.Length == 0)
            {
                workspace.GiveBack(folder);
                continue;
            }

            Undeclared = [.. Undeclared, .. left.Select(each => Path.GetFileName(each)!)];
            Workspace.TryDelete(folder);
        }
    }
}
