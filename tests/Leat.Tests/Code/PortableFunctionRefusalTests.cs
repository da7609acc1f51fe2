using System.Linq.Expressions;

namespace Leat.Tests.Code;

/// <summary>What keeps a delegate here is named: the variable, the way from it, and the lambda by its line.</summary>
public sealed class PortableFunctionRefusalTests
{
    private const string File = nameof(PortableFunctionRefusalTests) + ".cs";

    [Fact]
    public void A_captured_variable_is_named()
    {
        using var client = new HttpClient();
        Func<int> function = () => client.GetHashCode();
        Refused(function, "() => client.GetHashCode()", "LEAT0054: The captured variable 'client' (HttpClient) in the lambda at HERE can't go to another process: it is an object of .NET that belongs to this process. Make it inside the lambda, capture what it is made from instead, or run this on threads.");
    }

    [Fact]
    public void The_way_from_the_variable_is_told()
    {
        object order = new Order { Items = [1, new Order { Items = [new MemoryStream()] }] };
        Func<int> function = () => order.GetHashCode() + 1;
        Refused(function, "() => order.GetHashCode() + 1", "LEAT0054: The captured variable 'order'.Items[1].Items[0] (MemoryStream) in the lambda at HERE can't go to another process: it is a stream, open in this process alone; pass the path of a file, or the content.");
        List<Call> calls = [];
        Func<int> typed = () => calls.Count + 2;
        Refused(typed, "() => calls.Count + 2", "LEAT0054: The captured variable 'calls'[].Client (HttpClient) in the lambda at HERE can't go to another process: it is an object of .NET that belongs to this process. Make it inside the lambda, capture what it is made from instead, or run this on threads.");
        object call = new Call { Client = null };
        Func<int> late = () => call.GetHashCode() + 3;
        Refused(late, "() => call.GetHashCode() + 3", "LEAT0054: The captured variable 'call'.Client (HttpClient) in the lambda at HERE can't go to another process: it is an object of .NET that belongs to this process. Make it inside the lambda, capture what it is made from instead, or run this on threads.");
    }

    [Fact]
    public void A_cycle_is_told()
    {
        var chain = new Chain();
        chain.Next = chain;
        Func<int> function = () => chain.GetHashCode() + 4;
        Refused(function, "() => chain.GetHashCode() + 4", "LEAT0054: The captured variable 'chain'.Next (Chain) in the lambda at HERE can't go to another process: it is part of itself; leave the way back out, or make it a number or a name.");
    }

    [Fact]
    public void A_token_is_to_be_a_parameter()
    {
        CancellationToken token = CancellationToken.None;
        Func<bool> function = () => token.IsCancellationRequested;
        Refused(function, "() => token.IsCancellationRequested", "LEAT0054: The captured variable 'token' (CancellationToken) in the lambda at HERE can't go to another process: it is cancelled in this process alone; take a CancellationToken parameter in the lambda instead.");
    }

    [Fact]
    public void Parts_of_pipelines_stay()
    {
        Pipe<int> pipe = Source.From([1]);
        Func<string> function = () => pipe.Name;
        Refused(function, "() => pipe.Name", "LEAT0054: The captured variable 'pipe' (Pipe<Int32>) in the lambda at HERE can't go to another process: a pipe runs in the program that made it; make a list of its items first, or make the pipe inside the lambda.");
        IAsyncEnumerable<int> items = pipe;
        Func<int> sequence = () => items.GetHashCode();
        Assert.Contains("'items' (", Travel.Refused(sequence).Message, StringComparison.Ordinal);
        Assert.Contains("a pipe runs in the program that made it", Travel.Refused(sequence).Message, StringComparison.Ordinal);
        Stage<int, int> stage = Stage.Map((int x) => x);
        Func<string> staged = () => stage.Name;
        Assert.Contains("a stage belongs to the program that declared it", Travel.Refused(staged).Message, StringComparison.Ordinal);
        Sink<string> sink = Sink.Lines("out.txt");
        Func<string> sunk = () => sink.Name;
        Assert.Contains("a sink is written by the program that declared it", Travel.Refused(sunk).Message, StringComparison.Ordinal);
        Flow? flow = null;
        Func<bool> flowing = () => flow is null;
        Assert.Contains("a flow runs in the program that started it", Travel.Refused(flowing).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lambda_within_a_delegate_is_named_itself()
    {
        using var client = new HttpClient();
        Func<int> inner = () => client.GetHashCode() + 5;
        Func<int> outer = () => inner() + 6;
        Refused(outer, "() => client.GetHashCode() + 5", "LEAT0054: The captured variable 'client' (HttpClient) in the lambda at HERE can't go to another process: it is an object of .NET that belongs to this process. Make it inside the lambda, capture what it is made from instead, or run this on threads.");
    }

    [Fact]
    public void A_captured_this_is_named_with_its_field()
    {
        var program = new Program();
        Refused(program.Alone(), "() => log.NewLine", "LEAT0054: The captured 'this' (Program) in the lambda at HERE can't go to another process: its field 'log' (StreamWriter) keeps it here; it is a stream, open in this process alone; pass the path of a file, or the content. Copy what is needed of it into local variables, capture these instead, or run this on threads.");
        Refused(program.With(1), "() => log.NewLine + summand", "LEAT0054: The captured 'this' (Program) in the lambda at HERE can't go to another process: its field 'log' (StreamWriter) keeps it here; it is a stream, open in this process alone; pass the path of a file, or the content. Copy what is needed of it into local variables, capture these instead, or run this on threads.");
    }

    [Fact]
    public void An_object_of_a_method_is_named_with_the_method()
    {
        using var client = new HttpClient();
        Assert.Equal(
            "LEAT0054: The object (HttpClient) of the method HttpClient.CancelPendingRequests can't go to another process: it is an object of .NET that belongs to this process. Copy what is needed of it into local variables, capture these instead, or run this on threads.",
            Travel.Refused((Action)client.CancelPendingRequests).Message);
        using var text = new StringWriter();
        Assert.Equal(
            "LEAT0054: The first argument (StringWriter) of the method WriterExtensions.Twice can't go to another process: it is a stream, open in this process alone; pass the path of a file, or the content. Copy what is needed of it into local variables, capture these instead, or run this on threads.",
            Travel.Refused((Action<string>)text.Twice).Message);
    }

    [Fact]
    public void A_write_is_told_with_the_line()
    {
        int total = 0;
        Func<int> function = () => total += 7;
        Refused(function, "() => total += 7", "LEAT0053: The code of the lambda at HERE writes to the captured variable 'total'. In another process that is a copy, and the write would be lost. Return the value as a result instead, or run this on threads.");
        Func<Task> later = async () => { await Task.Yield(); total++; };
        Refused(later, "total++; }", "LEAT0053: The code of the lambda at HERE writes to the captured variable 'total'. In another process that is a copy, and the write would be lost. Return the value as a result instead, or run this on threads.");
        int Count() => total++;
        Refused((Func<int>)Count, "int Count() => total++", "LEAT0053: The code of the local function Count at HERE writes to the captured variable 'total'. In another process that is a copy, and the write would be lost. Return the value as a result instead, or run this on threads.");
    }

    [Fact]
    public void A_delegate_made_at_run_time_is_refused()
    {
        Expression<Func<int, int>> tree = x => x + 1;
        Assert.Equal("LEAT0050", Travel.Refused(tree.Compile()).Code);
        Func<int, int> compiled = tree.Compile();
        Func<int, int> wraps = x => compiled(x);
        Assert.Equal("LEAT0050", Travel.Refused(wraps).Code);
    }

    // The line is found in the source by its text, so that edits further up leave the tests as they are.
    private static void Refused(Delegate function, string text, string message, [System.Runtime.CompilerServices.CallerFilePath] string path = "")
    {
        string[] source = System.IO.File.ReadAllLines(path);
        int line = Array.FindIndex(source, each => each.Contains($"{text};", StringComparison.Ordinal));
        Assert.Equal(message.Replace("HERE", $"{File}:{line + 1}", StringComparison.Ordinal), Travel.Refused(function).Message);
    }

    private sealed class Order
    {
        public object[] Items { get; init; } = [];
    }

    private sealed class Call
    {
        public HttpClient? Client { get; init; }
    }

    private sealed class Chain
    {
        public Chain? Next { get; set; }
    }

    private sealed class Program
    {
        private readonly StreamWriter log = StreamWriter.Null;

        public Func<string> Alone() => () => log.NewLine;

        public Func<string> With(int summand) => () => log.NewLine + summand;
    }
}

internal static class WriterExtensions
{
    public static void Twice(this TextWriter writer, string text)
    {
        writer.Write(text);
        writer.Write(text);
    }
}
