using System.Threading.Channels;

namespace Leat.Tests.Streams.Model;

/// <summary>Makes pipes of a plan's steps.</summary>
internal static class Plumber
{
    /// <summary>Makes a pipe of each step.</summary>
    /// <param name="plan">What to make.</param>
    /// <param name="pool">Whose workers do what can be done elsewhere; null for the stages' own.</param>
    /// <param name="placesStreams">True when functions over the whole stream go there, too; they do not survive their worker.</param>
    public static IReadOnlyList<Pipe<int>> Build(Plan plan, Pool? pool = null, bool placesStreams = false)
    {
        List<Pipe<int>> pipes = [];
        foreach (Step step in plan.Steps) pipes.Add(Build(step, [.. step.Inputs.Select(input => pipes[input])], pool, placesStreams));
        return pipes;
    }

    private static Pipe<int> Build(Step step, IReadOnlyList<Pipe<int>> inputs, Pool? pool, bool placesStreams) => step.Operation switch
    {
        Operation.Source => SourceOf(step),
        Operation.Zip => Pipe.Zip(inputs[0], inputs[1], shortest: true) | Stage.Map<(int, int), int>(pair => Arithmetic.Add(pair.Item1, pair.Item2)),
        Operation.Merge => Pipe.Merge(inputs),
        Operation.Concat => Pipe.Concat(inputs),
        Operation.OfAsync or Operation.OfSync or Operation.OfOneResult when placesStreams => inputs[0] | StageOf(step).On(pool!),
        _ => inputs[0] | (pool is null ? StageOf(step) : StageOf(step).PlacePart(pool)),
    };

    private static Pipe<int> SourceOf(Step step)
    {
        int[] items = [.. Enumerable.Range(step.Argument, step.Argument)];
        switch (step.Settings.Form)
        {
            case Form.Sync: return Source.From(items);
            case Form.SyncToken: return Source.From(items.Select(item => item));
            case Form.Task: return Source.From(new List<int>(items));
            case Form.TaskToken:
                var channel = Channel.CreateUnbounded<int>();
                foreach (int item in items) channel.Writer.TryWrite(item);
                channel.Writer.Complete();
                return Source.From(channel.Reader);
            case Form.ValueTask: return Source.From(DawdlingAsync(items));
            default: return Source.From(items.ToAsyncEnumerable());
        }
    }

    private static Stage<int, int> StageOf(Step step)
    {
        int argument = step.Argument;
        switch (step.Operation)
        {
            case Operation.Map: return Tuned(Bodies.Map(argument, step.Settings.Form), step.Settings);
            case Operation.Filter: return Tuned(Bodies.Filter(argument, step.Settings.Form), step.Settings);
            case Operation.FlatMap: return Tuned(Bodies.FlatMap(argument, step.Settings.Form), step.Settings);
            case Operation.Tap: return Tuned(Bodies.Tap(step.Settings.Form), step.Settings);
            case Operation.Distinct: return Tuned(Stage.Distinct<int>(), step.Settings);
            case Operation.Take: return Tuned(Stage.Take<int>(argument), step.Settings);
            case Operation.Batch: return Tuned(Stage.Batch<int>(argument + 1), step.Settings) | Stage.Map<int[], int>(Arithmetic.Combine);
            case Operation.Repeat: return Tuned(Stage.Repeat<int>(argument % 4), step.Settings);
            case Operation.Fold: return Tuned(Stage.Fold<int, int>(0, Arithmetic.Add), step.Settings);
            case Operation.OfAsync: return Tuned(Stage.Of<int, int>(PlusOneAsync), step.Settings);
            case Operation.OfSync: return Tuned(Stage.Of<int, int>((IEnumerable<int> items) => items.Select(item => item + 1)), step.Settings);
            case Operation.OfOneResult: return Tuned(Stage.Of<int, int>((items, token) => items.CountAsync(token)), step.Settings);
            case Operation.ScatterGather:
                return Stage.Scatter<int, int>(item => Arithmetic.Split(item, argument))
                    | Tuned(Bodies.PlusOne(step.Settings.Form), step.Settings)
                    | Stage.Gather<int, int>(Arithmetic.Combine);
            default: throw new InvalidOperationException($"No stage for {step.Operation}.");
        }
    }

    private static Stage<int, TOut> Tuned<TOut>(Stage<int, TOut> stage, Settings settings) =>
        stage.With(stage.Options with { Workers = settings.Workers, Ordered = settings.Ordered, Capacity = settings.Capacity, Batch = settings.Batch });

    private static async IAsyncEnumerable<int> DawdlingAsync(IEnumerable<int> items)
    {
        foreach (int item in items)
        {
            await Arithmetic.DawdleAsync(item);
            yield return item;
        }
    }

    private static async IAsyncEnumerable<int> PlusOneAsync(IAsyncEnumerable<int> items)
    {
        await foreach (int item in items)
        {
            await Arithmetic.DawdleAsync(item);
            yield return item + 1;
        }
    }
}
