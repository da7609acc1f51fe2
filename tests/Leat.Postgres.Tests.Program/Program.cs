// A program that has a ledger in PostgreSQL, to be killed: postgres-program MODE CONNECTION GRAPH LEASE_SECONDS FROM
// MODE: hold (opens it, and waits) or append (appends records for ever, and prints the number of each when it is there).
using System.Globalization;
using Leat;
using Leat.Postgres;
using Leat.Storage;

var ledger = new PostgresLedger(new PostgresLedgerOptions
{
    ConnectionString = args[1],
    Graph = args[2],
    Lease = TimeSpan.FromSeconds(int.Parse(args[3], CultureInfo.InvariantCulture)),
});
try
{
    await using ILedgerSession session = await ledger.OpenAsync(new LedgerRun { Id = "child", CommandLine = "the child" });
    Print("held");
    if (args[0] == "hold") await Console.In.ReadToEndAsync();
    Queue<(int Number, Task Written)> pending = [];
    for (int i = int.Parse(args[4], CultureInfo.InvariantCulture); args[0] == "append"; i++)
    {
        var record = new LedgerRecord { Job = $"job {i}", Run = "child", Kind = LedgerKind.Succeeded, Started = DateTimeOffset.UnixEpoch, Attempts = i, State = new byte[i % 700] };
        pending.Enqueue((i, session.AppendAsync(record).AsTask()));
        if (pending.Count < 16) continue;
        (int number, Task written) = pending.Dequeue();
        await written;
        Print(number.ToString(CultureInfo.InvariantCulture));
    }
    await session.AppendAsync(new LedgerRecord { Job = "late", Run = "child", Kind = LedgerKind.Succeeded, Started = DateTimeOffset.UnixEpoch });
    Print("appended");
}
catch (LeatException error)
{
    Print(error.Message);
}

static void Print(string line)
{
    Console.WriteLine(line);
    Console.Out.Flush();
}
