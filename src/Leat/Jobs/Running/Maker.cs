using System.Collections.Concurrent;

namespace Leat.Jobs;

/// <summary>Runs the actions of generators and injectors, in this program.</summary>
internal static class Maker
{
    /// <summary>Runs one, and comes back when it has ended.</summary>
    /// <param name="maker">The generator or injector.</param>
    /// <param name="values">What was loaded for it.</param>
    /// <param name="cancellationToken">For its action.</param>
    /// <returns>What it threw; null if it ended well.</returns>
    public static async Task<Exception?> RunAsync(Job maker, ConcurrentDictionary<string, object> values, CancellationToken cancellationToken)
    {
        try
        {
            JobScope.Enter(new JobScope(maker.Id.Text, inputs: null, values) { Maker = maker });
            await maker.Body!.Invoke(OutputPaths.None, cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (Exception error)
        {
            return error;
        }
    }
}
