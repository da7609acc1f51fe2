namespace Leat.Tests.Streams.Model;

/// <summary>The same bodies in all the forms that an author may write them in.</summary>
internal static class Bodies
{
    public static Stage<int, int> Map(int argument, Form form) => Map(item => Arithmetic.Map(item, argument), form);

    public static Stage<int, int> PlusOne(Form form) => Map(item => item + 1, form);

    public static Stage<int, int> Filter(int argument, Form form) => form switch
    {
        Form.Task => Stage.Filter<int>(async Task<bool> (item) => await SlowlyAsync(item, i => Arithmetic.Keeps(i, argument))),
        Form.TaskToken => Stage.Filter<int>(async Task<bool> (item, _) => await SlowlyAsync(item, i => Arithmetic.Keeps(i, argument))),
        Form.ValueTask => Stage.Filter<int>(item => SlowlyAsync(item, i => Arithmetic.Keeps(i, argument))),
        Form.ValueTaskToken => Stage.Filter<int>((item, _) => SlowlyAsync(item, i => Arithmetic.Keeps(i, argument))),
        _ => Stage.Filter<int>(item => Slowly(item, i => Arithmetic.Keeps(i, argument))),
    };

    public static Stage<int, int> FlatMap(int argument, Form form) => form switch
    {
        Form.Sync => Stage.FlatMap<int, int>(item => Slowly(item, i => Arithmetic.Expand(i, argument))),
        Form.SyncToken => Stage.FlatMap<int, int>((item, _) => Arithmetic.Expand(item, argument)),
        Form.Task => Stage.FlatMap<int, int>(async Task<IEnumerable<int>> (item) => await SlowlyAsync(item, i => Arithmetic.Expand(i, argument))),
        Form.TaskToken => Stage.FlatMap<int, int>(async Task<IEnumerable<int>> (item, _) => await SlowlyAsync(item, i => Arithmetic.Expand(i, argument))),
        Form.ValueTask => Stage.FlatMap<int, int>(item => ExpandAsync(item, argument)),
        _ => Stage.FlatMap<int, int>((item, _) => ExpandAsync(item, argument)),
    };

    public static Stage<int, int> Tap(Form form) => form switch
    {
        Form.Task => Stage.Tap<int>(async Task (item) => await Arithmetic.DawdleAsync(item)),
        Form.TaskToken => Stage.Tap<int>(async Task (item, _) => await Arithmetic.DawdleAsync(item)),
        Form.ValueTask => Stage.Tap<int>(Arithmetic.DawdleAsync),
        Form.ValueTaskToken => Stage.Tap<int>((item, _) => Arithmetic.DawdleAsync(item)),
        _ => Stage.Tap<int>(Arithmetic.Dawdle),
    };

    private static Stage<int, int> Map(Func<int, int> body, Form form) => form switch
    {
        Form.Sync => Stage.Map<int, int>(item => Slowly(item, body)),
        Form.SyncToken => Stage.Map<int, int>((int item, CancellationToken _) => Slowly(item, body)),
        Form.Task => Stage.Map<int, int>(async Task<int> (item) => await SlowlyAsync(item, body)),
        Form.TaskToken => Stage.Map<int, int>(async Task<int> (item, _) => await SlowlyAsync(item, body)),
        Form.ValueTask => Stage.Map<int, int>(item => SlowlyAsync(item, body)),
        _ => Stage.Map<int, int>((item, _) => SlowlyAsync(item, body)),
    };

    private static T Slowly<T>(int item, Func<int, T> body)
    {
        Arithmetic.Dawdle(item);
        return body(item);
    }

    private static async ValueTask<T> SlowlyAsync<T>(int item, Func<int, T> body)
    {
        await Arithmetic.DawdleAsync(item);
        return body(item);
    }

    private static async IAsyncEnumerable<int> ExpandAsync(int item, int argument)
    {
        await Arithmetic.DawdleAsync(item);
        foreach (int result in Arithmetic.Expand(item, argument))
        {
            await Arithmetic.DawdleAsync(result);
            yield return result;
        }
    }
}
