using Npgsql;

namespace Leat.Postgres;

/// <summary>
/// One connection, for one task at a time. Where it is lost, another one is made and the task done again, until the server has been
/// away for too long; so a task must come to the same when it is done twice.
/// </summary>
/// <remarks>
/// <code>
/// Closed ──task──▶ Open ──loss──▶ Away ──server is back──▶ Open
///                                 Away ──RetryFor is over──▶ Gone ──task, tried once──▶ Open
/// </code>
/// A server that was never reached is not waited for, unless it says that it is just starting.
/// </remarks>
internal sealed class PostgresConnector(string connectionString, PostgresPlace place, PostgresLedgerOptions options) : IAsyncDisposable
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim turn = new(1, 1);
    private NpgsqlConnection? connection;
    private bool wasReached;
    private bool isGone;

    /// <summary>Does a task.</summary>
    /// <param name="what">What it is, to complete "the ledger can't be".</param>
    /// <param name="task">The task.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="LeatException">The server is away, or refuses.</exception>
    public async Task<T> DoAsync<T>(string what, Func<NpgsqlConnection, CancellationToken, Task<T>> task, CancellationToken cancellationToken)
    {
        try
        {
            return await DoAsync(task, cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException error)
        {
            throw PostgresErrors.Refused(place, what, error);
        }
    }

    /// <summary>Does a task, and leaves it to the caller what a refusal means.</summary>
    /// <exception cref="PostgresException">The server refuses.</exception>
    public async Task<T> DoAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> task, CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await TryAsync(task, cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException error) when (PostgresFaults.IsForbidden(error))
        {
            throw PostgresErrors.NotAllowed(place, error);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await turn.WaitAsync().ConfigureAwait(false);
        await CloseAsync().ConfigureAwait(false);
        turn.Release();
    }

    private async Task<T> TryAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> task, CancellationToken cancellationToken)
    {
        (T result, Exception? loss) = await TryOnceAsync(task, cancellationToken).ConfigureAwait(false);
        long lost = options.Clock.GetTimestamp();
        for (int losses = 0; loss is not null; losses++)
        {
            TimeSpan tried = options.Clock.GetElapsedTime(lost);
            TimeSpan pause = PauseAfter(losses);
            bool isWorthWhile = !isGone && (wasReached || PostgresFaults.IsComingOrGoing(loss));
            if (!isWorthWhile || tried + pause > options.RetryFor)
            {
                isGone = wasReached;
                throw PostgresErrors.Unreachable(place, isWorthWhile ? tried : TimeSpan.Zero, loss);
            }
            await Task.Delay(pause, options.Clock, cancellationToken).ConfigureAwait(false);
            (result, loss) = await TryOnceAsync(task, cancellationToken).ConfigureAwait(false);
        }
        isGone = false;
        return result;
    }

    private async Task<(T Result, Exception? Loss)> TryOnceAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> task, CancellationToken cancellationToken)
    {
        try
        {
            connection ??= await OpenAsync(cancellationToken).ConfigureAwait(false);
            return (await task(connection, cancellationToken).ConfigureAwait(false), null);
        }
        catch (OperationCanceledException)
        {
            // What the server was asked may still be under way.
            await CloseAsync().ConfigureAwait(false);
            throw;
        }
        catch (Exception error) when (PostgresFaults.IsLoss(error))
        {
            await CloseAsync().ConfigureAwait(false);
            return (default!, error);
        }
    }

    private static TimeSpan PauseAfter(int losses) => losses < 6 ? ShortestPause * (1 << losses) : LongestPause;

    private async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var opened = new NpgsqlConnection(connectionString);
        try
        {
            await opened.OpenAsync(cancellationToken).ConfigureAwait(false);
            // A role or a database may have been set up otherwise, and then an end of the server would lose what it has confirmed.
            await opened.TellAsync(
                "select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') = 'off'", [], cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            await opened.DisposeAsync().ConfigureAwait(false);
            if (error is PostgresException && !PostgresFaults.IsLoss(error)) throw PostgresErrors.Unreachable(place, TimeSpan.Zero, error);
            throw;
        }
        wasReached = true;
        return opened;
    }

    private async Task CloseAsync()
    {
        if (Interlocked.Exchange(ref connection, null) is { } closed) await closed.DisposeAsync().ConfigureAwait(false);
    }
}
