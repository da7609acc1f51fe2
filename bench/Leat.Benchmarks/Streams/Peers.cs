using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;
using System.Threading.Tasks.Dataflow;

namespace Leat.Benchmarks.Streams;

/// <summary>The same chains as somebody writes them without Leat.</summary>
internal static class Peers
{
    private const int Bound = 1024;
    private const int ArrayLength = 256;
    private const int ArraysBound = 8;

    /// <summary>A chain of TransformBlocks.</summary>
    public static async Task<double> DataflowAsync(IEnumerable<int> items, int count, Func<int, int> body, int stages, int workers, bool ordered)
    {
        long start = Stopwatch.GetTimestamp();
        var options = new ExecutionDataflowBlockOptions { BoundedCapacity = Bound, MaxDegreeOfParallelism = workers, EnsureOrdered = ordered };
        var link = new DataflowLinkOptions { PropagateCompletion = true };
        var blocks = Enumerable.Range(0, stages).Select(_ => new TransformBlock<int, int>(body, options)).ToList();
        for (int i = 1; i < stages; i++)
        {
            blocks[i - 1].LinkTo(blocks[i], link);
        }

        Task feed = Task.Run(async () =>
        {
            foreach (int item in items)
            {
                if (!blocks[0].Post(item))
                {
                    await blocks[0].SendAsync(item);
                }
            }

            blocks[0].Complete();
        });
        long sum = 0;
        TransformBlock<int, int> last = blocks[^1];
        while (await last.OutputAvailableAsync())
        {
            while (last.TryReceive(out int item))
            {
                sum += item;
            }
        }

        await feed;
        double elapsed = Stopwatch.GetElapsedTime(start).TotalNanoseconds;
        Check.Sum(sum, items, body, stages);
        return elapsed / count;
    }

    /// <summary>A bounded channel a stage, item by item. With several workers the order is lost.</summary>
    public static async Task<double> ChannelAsync(IEnumerable<int> items, int count, Func<int, int> body, int stages, int workers)
    {
        long start = Stopwatch.GetTimestamp();
        var source = Channel.CreateBounded<int>(Bound);
        Task feed = Task.Run(async () =>
        {
            foreach (int item in items)
            {
                await source.Writer.WriteAsync(item);
            }

            source.Writer.Complete();
        });
        ChannelReader<int> reader = source.Reader;
        for (int stage = 0; stage < stages; stage++)
        {
            reader = ChannelStage(reader, body, workers);
        }

        long sum = 0;
        await foreach (int item in reader.ReadAllAsync())
        {
            sum += item;
        }

        await feed;
        double elapsed = Stopwatch.GetElapsedTime(start).TotalNanoseconds;
        Check.Sum(sum, items, body, stages);
        return elapsed / count;
    }

    /// <summary>A bounded channel of arrays of 256 items a stage: the best that one writes by hand.</summary>
    public static async Task<double> ArraysAsync(IEnumerable<int> items, int count, Func<int, int> body, int stages, int workers)
    {
        long start = Stopwatch.GetTimestamp();
        var source = Channel.CreateBounded<int[]>(ArraysBound);
        Task feed = Task.Run(() => FeedArraysAsync(items, source.Writer));
        ChannelReader<int[]> reader = source.Reader;
        for (int stage = 0; stage < stages; stage++)
        {
            reader = ArrayStage(reader, body, workers);
        }

        long sum = 0;
        await foreach (int[] array in reader.ReadAllAsync())
        {
            foreach (int item in array)
            {
                sum += item;
            }
        }

        await feed;
        double elapsed = Stopwatch.GetElapsedTime(start).TotalNanoseconds;
        Check.Sum(sum, items, body, stages);
        return elapsed / count;
    }

    /// <summary>Parallel.ForEachAsync with all stages in one body; it gives no results, so they are added up.</summary>
    public static async Task<double> ForEachAsync(IEnumerable<int> items, int count, Func<int, int> body, int stages, int workers)
    {
        long start = Stopwatch.GetTimestamp();
        long sum = 0;
        await Parallel.ForEachAsync(items, new ParallelOptions { MaxDegreeOfParallelism = workers }, (item, _) =>
        {
            for (int i = 0; i < stages; i++)
            {
                item = body(item);
            }

            Interlocked.Add(ref sum, item);
            return ValueTask.CompletedTask;
        });
        double elapsed = Stopwatch.GetElapsedTime(start).TotalNanoseconds;
        Check.Sum(sum, items, body, stages);
        return elapsed / count;
    }

    /// <summary>PLINQ's ordered query with a Select a stage.</summary>
    public static Task<double> PlinqAsync(IEnumerable<int> items, int count, Func<int, int> body, int stages, int workers)
    {
        long start = Stopwatch.GetTimestamp();
        ParallelQuery<int> query = items.AsParallel().AsOrdered().WithDegreeOfParallelism(workers);
        for (int i = 0; i < stages; i++)
        {
            query = query.Select(body);
        }

        long sum = 0;
        foreach (int item in query)
        {
            sum += item;
        }

        double elapsed = Stopwatch.GetElapsedTime(start).TotalNanoseconds;
        Check.Sum(sum, items, body, stages);
        return Task.FromResult(elapsed / count);
    }

    /// <summary>Parallel.ForEachAsync over an asynchronous body.</summary>
    public static async Task<double> ForEachAsync(int count, Func<int, Task<int>> body, int workers)
    {
        long start = Stopwatch.GetTimestamp();
        var results = new ConcurrentQueue<int>();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, count),
            new ParallelOptions { MaxDegreeOfParallelism = workers },
            async (item, _) => results.Enqueue(await body(item)));
        Check.That(results.Count == count, $"{results.Count} results");
        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / count;
    }

    /// <summary>A TransformBlock over an asynchronous body.</summary>
    public static async Task<double> DataflowAsync(int count, Func<int, Task<int>> body, int workers)
    {
        long start = Stopwatch.GetTimestamp();
        var block = new TransformBlock<int, int>(body, new() { BoundedCapacity = Bound, MaxDegreeOfParallelism = workers });
        Task feed = Task.Run(async () =>
        {
            for (int item = 0; item < count; item++)
            {
                await block.SendAsync(item);
            }

            block.Complete();
        });
        int last = -1;
        await foreach (int item in block.ReceiveAllAsync())
        {
            last = item;
        }

        await feed;
        Check.Last(last, count);
        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / count;
    }

    public static ChannelReader<int> ChannelStage(ChannelReader<int> input, Func<int, int> body, int workers)
    {
        var output = Channel.CreateBounded<int>(Bound);
        IEnumerable<Task> tasks = Enumerable.Range(0, workers).Select(_ => Task.Run(async () =>
        {
            await foreach (int item in input.ReadAllAsync())
            {
                await output.Writer.WriteAsync(body(item));
            }
        }));
        _ = Task.WhenAll(tasks.ToList()).ContinueWith(_ => output.Writer.Complete(), TaskScheduler.Default);
        return output.Reader;
    }

    private static ChannelReader<int[]> ArrayStage(ChannelReader<int[]> input, Func<int, int> body, int workers)
    {
        var output = Channel.CreateBounded<int[]>(ArraysBound);
        IEnumerable<Task> tasks = Enumerable.Range(0, workers).Select(_ => Task.Run(async () =>
        {
            await foreach (int[] array in input.ReadAllAsync())
            {
                var results = new int[array.Length];
                for (int i = 0; i < array.Length; i++)
                {
                    results[i] = body(array[i]);
                }

                await output.Writer.WriteAsync(results);
            }
        }));
        _ = Task.WhenAll(tasks.ToList()).ContinueWith(_ => output.Writer.Complete(), TaskScheduler.Default);
        return output.Reader;
    }

    private static async Task FeedArraysAsync(IEnumerable<int> items, ChannelWriter<int[]> writer)
    {
        var array = new int[ArrayLength];
        int length = 0;
        foreach (int item in items)
        {
            array[length++] = item;
            if (length == ArrayLength)
            {
                await writer.WriteAsync(array);
                array = new int[ArrayLength];
                length = 0;
            }
        }

        if (length > 0)
        {
            await writer.WriteAsync(array[..length]);
        }

        writer.Complete();
    }
}
