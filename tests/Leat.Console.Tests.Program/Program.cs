// A program with a command line, for tests to start. It works in its current directory; what else it does is said by environment variables:
// LEAT_TEST_FAIL for a job that fails, LEAT_TEST_CIRCLE for jobs that need each other, LEAT_TEST_HOLD for a job that is at work as long as
// the pipe of that name is open.
using System.IO.Pipes;
using Leat;

var graph = new JobGraph();
InputFileJob words = graph.InputFile("words.txt");
FileJob sorted = graph.File("out/sorted.txt", path => File.WriteAllLines(path, File.ReadLines(words.Path).Order(StringComparer.Ordinal))).DependsOn(words);
FileJob counts = graph.File("out/counts.csv", path =>
{
    Console.WriteLine("counting");
    File.WriteAllLines(path, File.ReadLines(sorted.Path).CountBy(word => word, StringComparer.Ordinal).Select(each => $"{each.Key},{each.Value}"));
}).DependsOn(sorted);
FileJob report = graph.File("out/report.md", path => File.WriteAllText(path, $"# Words\n\n{File.ReadAllText(counts.Path)}")).DependsOn(counts);

if (Environment.GetEnvironmentVariable("LEAT_TEST_CIRCLE") is not null) sorted.DependsOn(report);
if (Environment.GetEnvironmentVariable("LEAT_TEST_FAIL") is not null)
{
    FileJob broken = graph.File("out/broken.txt", _ =>
    {
        Console.WriteLine("looking for a column");
        throw new InvalidDataException("There is no column 'gene'.");
    }).DependsOn(sorted);
    graph.File("out/after.txt", path => File.WriteAllText(path, "never")).DependsOn(broken);
}

if (Environment.GetEnvironmentVariable("LEAT_TEST_HOLD") is { } hold)
{
    FileJob held = graph.File("out/held.txt", async (path, token) =>
    {
        await using var pipe = new NamedPipeClientStream(".", hold, PipeDirection.In);
        await pipe.ConnectAsync(token);
        _ = await pipe.ReadAtLeastAsync(new byte[1], 1, throwOnEndOfStream: false, token);
        await File.WriteAllTextAsync(path, "held", token);
    });
    graph.File("out/last.txt", path => File.WriteAllText(path, "last")).DependsOn(held);
}

return await graph.MainAsync(args);
