namespace Leat.Tests.Streams.Errors;

/// <summary>What an enumeration gives before it fails.</summary>
internal static class Collected
{
    public static async Task<(List<T> Items, PipelineException Error)> UntilFailureAsync<T>(IAsyncEnumerable<T> pipe)
    {
        List<T> items = [];
        PipelineException error = await Assert.ThrowsAsync<PipelineException>(async () =>
        {
            await foreach (T item in pipe) items.Add(item);
        });
        return (items, error);
    }

    /// <summary>The values of outcomes, and for failures the failed item in brackets: what came, in its place.</summary>
    public static async Task<string> InWordsAsync<T>(IAsyncEnumerable<Outcome<T>> outcomes)
    {
        List<string> words = [];
        await foreach (Outcome<T> outcome in outcomes) words.Add(outcome.IsSuccess ? $"{outcome.Value}" : $"[{outcome.Failure.Item}]");
        return string.Join(' ', words);
    }
}
