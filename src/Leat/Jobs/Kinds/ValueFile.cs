using Leat.Encoding;

namespace Leat.Jobs;

/// <summary>The file of a value that is computed once and kept.</summary>
internal static class ValueFile
{
    /// <summary>The action that computes a value and writes it to the job's file.</summary>
    /// <param name="id">The job's name, for errors.</param>
    /// <param name="compute">Computes it.</param>
    /// <typeparam name="T">The type as which it is kept.</typeparam>
    public static JobBody BodyOf<T>(string id, JobBody compute)
    {
        Func<Delegate, Func<OutputPaths, CancellationToken, ValueTask<object?>>> adapt = compute.Adapt;
        return compute with { Adapt = function => Keep<T>(id, adapt(function)) };
    }

    // The function alone goes to another process, what else is known of it does not.
    private static Func<OutputPaths, CancellationToken, ValueTask<object?>> Keep<T>(string id, Func<OutputPaths, CancellationToken, ValueTask<object?>> compute) => async (paths, token) =>
    {
        object value = await compute(paths, token).ConfigureAwait(false) ?? throw JobErrors.NoValue(id);
        await File.WriteAllBytesAsync(paths[0], BinaryEncoding.Encode((T)value), token).ConfigureAwait(false);
        return null;
    };
}
