using System.Diagnostics;
using Leat.Pools;

namespace Leat.Streams;

/// <summary>
/// A worker's right to work, where its stage shares a pool of threads with others. It is held while the author's code runs, and
/// never while the worker waits for room or for items: else all could wait for each other.
/// </summary>
internal sealed class StageTurn
{
    private readonly ThreadsPool pool;
    private readonly Lane lane;
    private readonly Node node;
    private readonly Turn turn;
    private long since;

    public StageTurn(ThreadsPool pool, Share<Turn> share, Lane lane, Node node)
    {
        this.pool = pool;
        this.lane = lane;
        this.node = node;
        turn = new Turn(share, lane.Wake);
    }

    /// <summary>Waits for the turn. Without it when the node was cancelled: what is left to do then is to end.</summary>
    public async ValueTask TakeAsync()
    {
        if (!pool.TryTake(turn))
        {
            while (!turn.IsTaken && !node.IsCancelled)
            {
                await lane.WaitAsync().ConfigureAwait(false);
            }
        }

        since = Stopwatch.GetTimestamp();
    }

    /// <summary>Gives the turn back; nothing when it is not held. Anybody may, for a worker that is left behind.</summary>
    public void Leave() => pool.Leave(turn, Stopwatch.GetElapsedTime(since));

    /// <summary>Gives the turn back for as long as the worker waits for something.</summary>
    public async ValueTask PauseAsync(ValueTask wait)
    {
        bool wasHeld = turn.IsTaken;
        Leave();
        await wait.ConfigureAwait(false);
        if (wasHeld)
        {
            await TakeAsync().ConfigureAwait(false);
        }
    }
}
