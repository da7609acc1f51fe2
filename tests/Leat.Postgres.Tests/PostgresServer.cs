using System.Diagnostics;
using Npgsql;

namespace Leat.Postgres.Tests;

/// <summary>A private server for the tests of an assembly, made by <c>eng/postgres</c> and ended with them.</summary>
public sealed class PostgresServer : IAsyncLifetime
{
    private readonly TemporaryDirectory folder = new();
    private bool isRunning;

    /// <summary>A connection string for the server's owner.</summary>
    public string ConnectionString { get; private set; } = "";

    /// <summary>Why there is none; empty if it runs.</summary>
    private string Missing { get; set; } = "";

    private static IEnumerable<string> Places => Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").Select(each => Path.Combine(each, "bin")) : [];

    public async ValueTask InitializeAsync()
    {
        Missing = OperatingSystem.IsWindows() || Require.FindTool("initdb", string.Join(Path.PathSeparator, Places.Prepend(Environment.GetEnvironmentVariable("PATH")))) is null
            ? "There is no initdb on PATH nor in /usr/lib/postgresql."
            : "";
        // The server's user goes in.
        if (Missing.Length == 0) await StartAsync();
    }

    /// <summary>Skips the test, or fails it where <c>LEAT_REQUIRE</c> names <c>initdb</c>, if there is no server.</summary>
    public void Need()
    {
        if (Missing.Length > 0) Require.Miss("initdb", Missing);
    }

    public async Task StartAsync()
    {
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        // Killing a server loses nothing that the system has; only a loss of power would.
        ConnectionString = (await RunAsync("start", folder.Path, "-c", "fsync=off")).Trim();
        isRunning = true;
    }

    /// <summary>Ends it.</summary>
    /// <param name="mode"><c>fast</c>, or <c>immediate</c>: without a word to those who are connected, as if it were killed.</param>
    public async Task StopAsync(string mode = "fast")
    {
        isRunning = false;
        await RunAsync("stop", folder.Path, mode);
    }

    public async ValueTask DisposeAsync()
    {
        if (isRunning) await StopAsync("immediate");
        folder.Dispose();
    }

    /// <summary>Says something to the server, and gives the first value of each row.</summary>
    public async Task<List<object>> SqlAsync(string statement, string? connectionString = null)
    {
        await using var connection = new NpgsqlConnection($"{connectionString ?? ConnectionString};Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
#pragma warning disable CA2100 // The tests say what they mean to.
        await using var command = new NpgsqlCommand(statement, connection);
#pragma warning restore CA2100
        await using NpgsqlDataReader rows = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        List<object> values = [];
        while (await rows.ReadAsync(TestContext.Current.CancellationToken)) values.Add(rows.GetValue(0));
        return values;
    }

    private static async Task<string> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Repository.PathOf("eng/postgres"), arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"eng/postgres {string.Join(' ', arguments)} failed:\n{await errors}");
    }
}
