using System.Globalization;
using System.Runtime.Versioning;
using Leat.Tests.Streams.Ends;

namespace Leat.Tests.Jobs.Hosts;

/// <summary>All kinds of files arrive as they are, and none twice.</summary>
[Collection(AloneCollection.Name)]
[UnsupportedOSPlatform("windows")]
public sealed class FilesTransferKindsTests : IDisposable
{
    private const string OddNames = "a b.txt|'quoted'.txt|new\nline.txt|ä ✓.txt|-dash.txt|$x;y.txt|back\\slash.txt";

    private readonly JobRig rig = new();
    private readonly FarHost far;

    public FilesTransferKindsTests() => far = new FarHost(rig.Folder);

    public void Dispose()
    {
        far.Dispose();
        rig.Dispose();
    }

    [Fact(Timeout = 60_000)]
    public async Task Names_links_programs_empty_files_and_empty_folders()
    {
        foreach (string name in OddNames.Split('|')) rig.Write($"odd/{name}", name);
        rig.Write("script", "#!/bin/sh\necho run\n");
        File.SetUnixFileMode(rig["script"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        rig.Write("empty.txt", "");
        Directory.CreateDirectory(rig["nothing"]);
        rig.Write("elsewhere/target.txt", "linked");
        File.CreateSymbolicLink(rig["link.txt"], "elsewhere/target.txt");
        Directory.CreateSymbolicLink(rig["odd/linked"], rig["elsewhere"]);
        await using Pool pool = far.Pool(2);

        RunReport report = await RunAsync(
            graph =>
            {
                InputFolderJob odd = graph.InputFolder("odd"), nothing = graph.InputFolder("nothing");
                InputFileJob script = graph.InputFile("script"), empty = graph.InputFile("empty.txt"), link = graph.InputFile("link.txt");
                graph.File("names.txt", path => File.WriteAllText(path, string.Join('|', Directory.GetFiles(odd.Path, "*", SearchOption.AllDirectories).Select(each => $"{Path.GetRelativePath(odd.Path, each)}={File.ReadAllText(each)}").Order(StringComparer.Ordinal)))).DependsOn(odd);
                graph.File("kinds.txt", path => File.WriteAllText(path, $"{new FileInfo(empty.Path).Length} {Directory.GetFileSystemEntries(nothing.Path).Length} {File.ReadAllText(link.Path)}")).DependsOn(empty, nothing, link);
                graph.Command("run.txt", _ => new CommandLine(script.Path), standardOutput: true).DependsOn(script);
                FilesJob made = graph.Files("made", [("odd", "made/new\nline.txt"), ("program", "made/program"), ("empty", "made/empty.txt")], paths =>
                {
                    File.WriteAllText(paths["odd"], "x");
                    File.WriteAllText(paths["program"], "#!/bin/sh\necho made\n");
                    if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(paths["program"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
                    File.WriteAllText(paths["empty"], "");
                }, new JobOptions { AllowEmpty = true });
                graph.Command("made.txt", _ => $"{made["program"]}", standardOutput: true).DependsOn(made);
            },
            pool);

        Assert.True(report.IsSuccess, string.Join('\n', report.Jobs));
        Assert.Equal(string.Join('|', OddNames.Split('|').Select(name => $"{name}={name}").Append("linked/target.txt=linked").Order(StringComparer.Ordinal)), rig.Read("names.txt"));
        Assert.Equal("0 0 linked", rig.Read("kinds.txt"));
        Assert.Equal("run\n", rig.Read("run.txt"));
        Assert.Equal("made\n", rig.Read("made.txt"));
        Assert.Equal(("x", ""), (rig.Read("made/new\nline.txt"), rig.Read("made/empty.txt")));
        Assert.True(File.GetUnixFileMode(rig["made/program"]).HasFlag(UnixFileMode.UserExecute));
        Assert.Empty(far.Work());
    }

    [Fact(Timeout = 60_000)]
    public async Task What_a_job_has_made_there_is_not_sent_back_to_the_next_one()
    {
        List<DateTime> born = [];
        await using Pool pool = far.Pool(1);

        RunReport report = await RunAsync(
            graph =>
            {
                FileJob first = graph.File("first.txt", path => File.WriteAllText(path, "made there"));
                graph.File("second.txt", path => File.WriteAllText(path, File.ReadAllText(first.Path) + ", and read there")).DependsOn(first);
            },
            pool,
            each =>
            {
                if (each is JobEnded { Report.Job.Id.Text: "first.txt" }) born.Add(Assert.Single(far.Kept()).CreationTimeUtc);
            });

        Assert.True(report.IsSuccess, string.Join('\n', report.Jobs));
        Assert.Equal("made there, and read there", rig.Read("second.txt"));
        Assert.Equal(born, far.Kept().Where(file => file.Length == "made there".Length).Select(file => file.CreationTimeUtc));
    }

    [Fact(Timeout = 120_000)]
    public async Task Ten_thousand_small_inputs_are_sent_and_read_and_as_many_outputs_brought_back()
    {
        const int files = 10_000;
        for (int i = 0; i < files; i++) rig.Write($"in/{i % 100}/{i}.txt", i.ToString(CultureInfo.InvariantCulture));
        await using Pool pool = far.Pool(1);

        RunReport report = await RunAsync(
            graph =>
            {
                InputFolderJob inputs = graph.InputFolder("in");
                graph.File("sum.txt", path => File.WriteAllText(path, Directory.GetFiles(inputs.Path, "*", SearchOption.AllDirectories).Sum(each => long.Parse(File.ReadAllText(each), CultureInfo.InvariantCulture)).ToString(CultureInfo.InvariantCulture))).DependsOn(inputs);
                graph.Files("many", Enumerable.Range(0, 2_000).Select(i => ($"{i}", $"out/{i}.txt")), paths =>
                {
                    foreach (string name in paths.Names) File.WriteAllText(paths[name], name);
                });
            },
            pool);

        Assert.True(report.IsSuccess, string.Join('\n', report.Jobs));
        Assert.Equal($"{(long)files * (files - 1) / 2}", rig.Read("sum.txt"));
        for (int i = 0; i < 2_000; i++) Assert.Equal($"{i}", rig.Read($"out/{i}.txt"));
    }

    private Task<RunReport> RunAsync(Action<JobGraph> define, Pool pool, Action<JobEvent>? events = null) =>
        rig.RunAsync(define, (_, options) => options with { Pool = pool, Files = Files.Transfer, Events = events });
}
