namespace Leat.Tests.Streams;

/// <summary>
/// For what has no event to wait on, such as the end of one of the system's threads: looks again and again, and gives
/// up after a time that no machine needs.
/// </summary>
internal static class Eventually
{
    public static async Task TrueAsync(Func<bool> condition, Func<string> otherwise, double seconds = 20)
    {
        long since = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            if (TimeProvider.System.GetElapsedTime(since).TotalSeconds > seconds) Assert.Fail(otherwise());
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, CancellationToken.None);
        }
    }
}
