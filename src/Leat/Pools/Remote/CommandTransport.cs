using System.Diagnostics;

namespace Leat.Pools;

/// <summary>Any command that connects its standard streams with those of what it runs, such as <c>docker run -i --rm image {worker}</c>.</summary>
internal sealed class CommandTransport : IHostTransport
{
    private const string Worker = "{worker}";

    private readonly IReadOnlyList<string> words;

    /// <summary>Takes a command apart.</summary>
    /// <exception cref="ArgumentException">The command has no place for the worker, or can't be read.</exception>
    public CommandTransport(string command)
    {
        words = CommandWords.Split(command);
        if (words.Count < 1 || !words.Contains(Worker)) throw RemoteErrors.NoWorkerWord(command);
    }

    public string Name => words[0] == Worker ? "the command" : Path.GetFileName(words[0]);

    public ProcessStartInfo Create(IReadOnlyList<string> loader, TimeSpan patience)
    {
        string[] all = [.. words.SelectMany(word => word == Worker ? loader : [word])];
        ProcessStartInfo info = LinkProcess.Command(all[0]);
        foreach (string word in all.Skip(1)) info.ArgumentList.Add(word);
        return info;
    }

    public LeatException? Explain(int exitCode, string command, string errors) => null;
}
