namespace Leat.Benchmarks.Streams;

/// <summary>A figure counts only if the work was done.</summary>
internal static class Check
{
    public static void Sum(long sum, IEnumerable<int> items, Func<int, int> body, int stages)
    {
        // The bodies add a constant, so the first item tells what every item gains.
        int first = items.First();
        int through = first;
        for (int i = 0; i < stages; i++)
        {
            through = body(through);
        }

        long expected = 0;
        foreach (int item in items)
        {
            expected += item + (through - first);
        }

        That(sum == expected, $"the sum is {sum} instead of {expected}");
    }

    public static void Last(int last, int count) => That(last == count - 1, $"the last item is {last} instead of {count - 1}");

    public static void That(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new InvalidOperationException($"The benchmark is void: {otherwise}.");
        }
    }
}
