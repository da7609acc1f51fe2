using System.IO.Pipes;
using Leat.Streams;

namespace Leat.Tests.Streams.Sources;

/// <summary>Standard input, with a pipe in its place.</summary>
public sealed class SharedInputTests : IDisposable
{
    private readonly AnonymousPipeServerStream writing = new(PipeDirection.Out);
    private readonly AnonymousPipeClientStream reading;
    private readonly SharedInput input;

    public SharedInputTests()
    {
        reading = new AnonymousPipeClientStream(PipeDirection.In, writing.ClientSafePipeHandle);
        input = new SharedInput(reading);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        input.Dispose();
        writing.Dispose();
        reading.Dispose();
    }

    [Fact(Timeout = 60_000)]
    public async Task Lines_come_as_they_are_written_and_end_with_the_input()
    {
        await using var lines = new Watched<string>(Source.From(input));
        Write("a\nb");
        await lines.AreAsync("a");
        Write("c\r\nd");
        await lines.AreAsync("a", "bc");
        writing.Dispose();
        await lines.Flow.Completion;
        Assert.Equal(["a", "bc", "d"], lines.Items);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_flow_that_is_stopped_does_not_wait_for_a_line_and_leaves_it_to_the_next()
    {
        for (int i = 0; i < 3; i++)
        {
            await using var stopped = new Watched<string>(Source.From(input));
            await stopped.Flow.StopAsync();
            Assert.Equal(FlowState.Completed, stopped.Flow.State);
        }
        Write("a\n");
        await using var lines = new Watched<string>(Source.From(input));
        await lines.AreAsync("a");
    }

    [Fact(Timeout = 60_000)]
    public async Task What_one_run_leaves_the_next_one_gets()
    {
        Write("a\nb\nc\n");
        writing.Dispose();
        Pipe<string> lines = Source.From(input);
        await using (IAsyncEnumerator<string> first = input.GetAsyncEnumerator(Token)) Assert.True(await first.MoveNextAsync());
        Assert.Equal(["b", "c"], await lines.ToListAsync(Token));
        Assert.Empty(await lines.ToListAsync(Token));
    }

    private void Write(string text) => writing.Write(System.Text.Encoding.UTF8.GetBytes(text));
}
