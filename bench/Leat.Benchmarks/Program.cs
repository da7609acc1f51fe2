using System.Globalization;
using Leat.Benchmarks;
using Leat.Benchmarks.Calls;
using Leat.Benchmarks.Encoding;
using Leat.Benchmarks.Jobs;
using Leat.Benchmarks.Processes;
using Leat.Benchmarks.Remote;
using Leat.Benchmarks.Scheduling;
using Leat.Benchmarks.Streams;

// dotnet run -c Release --project bench/Leat.Benchmarks -- SUITE [--case PART] [--rounds N] [--json FILE] [--check]
//
// Every case runs Leat and its peer in turn, both in this one process but for Python, and compares the medians: the
// machine's noise falls on both. --check exits with 1 when a case misses its budget.
if (args.Length == 0 || args[0].StartsWith('-'))
{
    Console.Error.WriteLine("usage: SUITE [--case PART] [--rounds N] [--json FILE] [--check]");
    Console.Error.WriteLine("suites: calls, encoding, jobs, processes, remote, scheduling, streams");
    return 2;
}

if (args[0] == ColdStart.Argument)
{
    await ColdStart.FirstResultAsync();
    return 0;
}

if (args[0] == JobsProgram.Nothing) return 0;

if (args[0] == JobsProgram.Argument) return await JobsProgram.RunAsync(args);

IEnumerable<Case>? suite = args[0] switch
{
    "calls" => CallsSuite.Cases(),
    "encoding" => EncodingSuite.Cases(),
    "jobs" => JobsSuite.Cases(),
    "processes" => ProcessesSuite.Cases(),
    "remote" => RemoteSuite.Cases(),
    "scheduling" => SchedulingSuite.Cases(),
    "streams" => StreamsSuite.Cases(),
    _ => null,
};
if (suite is null)
{
    Console.Error.WriteLine($"There is no suite '{args[0]}'. Suites: calls, encoding, jobs, processes, remote, scheduling, streams.");
    return 2;
}

string? Option(string name) => Array.IndexOf(args, name) is >= 0 and int at && at + 1 < args.Length ? args[at + 1] : null;

string part = Option("--case") ?? "";
int rounds = int.Parse(Option("--rounds") ?? "9", CultureInfo.InvariantCulture);
using StreamWriter? json = Option("--json") is { } path ? new StreamWriter(path) : null;
var report = new Report(Console.Out, json);
foreach (Case each in suite.Where(c => $"{c.Name} vs {c.PeerName}".Contains(part, StringComparison.OrdinalIgnoreCase)))
{
    report.Add(await Runner.RunAsync(args[0], each, rounds));
}

return args.Contains("--check") && report.MissedBudgets > 0 ? 1 : 0;
