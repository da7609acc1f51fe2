using System.Diagnostics;
using System.Globalization;
using Leat.Tests.Tree;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Leat.Tests.Storage.Ledger;

/// <summary>A program that has a ledger, to be killed.</summary>
public sealed class LedgerProgram : IDisposable
{
    private const string Code = """
        using Leat;
        using Leat.Storage;

        var ledger = new Journal(args[1], new JournalOptions { History = args[0] == "append" ? int.MaxValue : 2 });
        using Stream output = Console.OpenStandardOutput();
        try
        {
            await using ILedgerSession session = await ledger.OpenAsync(new LedgerRun { Id = "child", CommandLine = "the child" });
            if (args[0] == "hold")
            {
                Print("held");
                await Task.Delay(-1);
            }
            if (args[0] == "compact") _ = Task.Run(async () => { while (true) await session.CompactAsync(); });
            Queue<(int Number, Task Written)> pending = [];
            for (int i = int.Parse(args[2]); ; i++)
            {
                if (args[0] == "compact") _ = session.AppendAsync(Record("noise", i));
                pending.Enqueue((i, session.AppendAsync(Record($"job {i}", i)).AsTask()));
                if (pending.Count < 16) continue;
                (int number, Task written) = pending.Dequeue();
                await written;
                Print(number.ToString());
            }
        }
        catch (LeatException error)
        {
            Print(error.Message);
        }

        void Print(string line) => output.Write(System.Text.Encoding.UTF8.GetBytes(line + "\n"));

        static LedgerRecord Record(string job, int number)
        {
            byte[] state = new byte[number % 700];
            Array.Fill(state, (byte)number);
            return new LedgerRecord { Job = job, Run = "child", Kind = LedgerKind.Succeeded, Started = DateTimeOffset.UnixEpoch, Attempts = number, State = state };
        }
        """;

    private readonly TemporaryDirectory folder = new();

    public LedgerProgram()
    {
        CSharpCompilation compilation = Compiled.Compilation(
            "sample",
            OutputKind.ConsoleApplication,
            [Compiled.Parse("ledger.cs", Code), Compiled.Parse("ImplicitUsings.cs", SampleProgram.ImplicitUsings)]);
        using var image = new MemoryStream();
        using var symbols = new MemoryStream();
        Assert.Empty(compilation.Emit(image, symbols).Diagnostics.Where(each => each.Severity == DiagnosticSeverity.Error));
        SampleProgram.Place(folder, image, symbols);
    }

    public void Dispose() => folder.Dispose();

    /// <summary>Starts it; what it prints is read from its standard output.</summary>
    /// <param name="mode"><c>append</c>, <c>compact</c> (appends, and compacts all the time) or <c>hold</c>.</param>
    /// <param name="directory">Where the ledger is.</param>
    /// <param name="from">The number of the first record.</param>
    public Process Start(string mode, string directory, int from = 0)
    {
        var start = new ProcessStartInfo(Dotnet.Host(), ["exec", folder["sample.dll"], mode, directory, from.ToString(CultureInfo.InvariantCulture)])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        // Its life is short.
        start.Environment["DOTNET_TieredPGO"] = "0";
        return Process.Start(start)!;
    }
}
