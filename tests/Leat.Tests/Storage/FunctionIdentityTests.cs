using Leat.Encoding;
using Leat.Storage;
using Leat.Tests.Code;
using Microsoft.CodeAnalysis;

namespace Leat.Tests.Storage;

/// <summary>Which functions are one in keys, and which are not.</summary>
public sealed class FunctionIdentityTests
{
    [Fact]
    public void Captured_values_count_in_the_order_of_their_use()
    {
        Assert.NotEqual(Of(Program("int a = 1, b = 2;", "() => a - b")), Of(Program("int a = 1, b = 2;", "() => b - a")));
        Assert.Equal(Of(Program("int a = 1, b = 2;", "() => a - b")), Of(Program("int z = 1, y = 2;", "() => z - y")));
        Assert.Equal(Of(Program("int a = 1, b = 2;", "() => a - b")), Of(Program("int b = 2, unused = 5, a = 1;", "() => a - b", "Func<int> other = () => unused;")));
        Assert.NotEqual(Of(Program("int a = 1, b = 2;", "() => a - b")), Of(Program("int a = 1, b = 3;", "() => a - b")));
    }

    [Fact]
    public void The_digest_survives_a_rebuild()
    {
        CodeProgram program = Program("string text = \"a\"; var list = new List<int> { 1 }; Func<int> inner = () => list.Count;", "() => inner() + text.Length");
        Assert.Equal(Of(program), Of(program with { Path = "/two/Other.cs" }));
        Assert.Equal(Of(program), program.Use(OptimizationLevel.Release, fromFiles: true, Digest));
    }

    [Fact]
    public void Captured_functions_count_by_code_and_values()
    {
        string Nested(string inner, string value) => $"int n = {value}; Func<int> inner = () => {inner};";
        Digest first = Of(Program(Nested("n + 1", "1"), "() => inner() * 2"));
        Assert.Equal(first, Of(Program(Nested("n + 1", "1"), "() => inner() * 2")));
        Assert.NotEqual(first, Of(Program(Nested("n + 2", "1"), "() => inner() * 2")));
        Assert.NotEqual(first, Of(Program(Nested("n + 1", "2"), "() => inner() * 2")));
    }

    [Fact]
    public void This_counts_by_the_fields_that_are_read()
    {
        static string Type(string fields, string lambda) => $$"""
            public class Form { {{fields}} public Func<int> Get() => {{lambda}}; }
            public static class Entry { public static Delegate Get() => new Form().Get(); }
            """;
        Digest first = Of(Type("int a = Int32.Parse(\"1\"); int b = Int32.Parse(\"2\");", "() => a"));
        Assert.Equal(first, Of(Type("int a = Int32.Parse(\"1\"); int b = Int32.Parse(\"3\");", "() => a")));
        Assert.Equal(first, Of(Type("int a = Int32.Parse(\"1\"); System.IO.Stream b = System.IO.Stream.Null;", "() => a")));
        Assert.NotEqual(first, Of(Type("int a = Int32.Parse(\"2\");", "() => a")));
        Assert.NotEqual(first, Of(Type("int a = Int32.Parse(\"1\"); int b = Int32.Parse(\"1\");", "() => b")));
    }

    [Fact]
    public void Parameters_of_a_primary_constructor_count_by_their_place()
    {
        static string Type(string parameters, string lambda, string values) => $$"""
            public class Line({{parameters}}) { public Func<int, int> Get() => {{lambda}}; }
            public static class Entry { public static Delegate Get() => new Line({{values}}).Get(); }
            """;
        Digest first = Of(Type("int a, int b", "x => a * x + b", "2, 3"));
        Assert.Equal(first, Of(Type("int z, int b", "x => z * x + b", "2, 3")));
        Assert.NotEqual(first, Of(Type("int a, int b", "x => a * x + b", "3, 2")));
        Assert.NotEqual(first, Of(Type("int b, int a", "x => b * x + a", "3, 2")));
        Assert.NotEqual(first, Of(Type("int a, int b", "x => b * x + a", "2, 3")));
    }

    [Fact]
    public void The_type_of_the_object_counts()
    {
        static string Type(string type) => $$"""
            public abstract class Shape { public abstract int Area(); public Func<int> Get() => () => Area(); }
            public class One : Shape { public override int Area() => 1; }
            public class Two : Shape { public override int Area() => 2; }
            public static class Entry { public static Delegate Get() => new {{type}}().Get(); }
            """;
        Assert.NotEqual(Of(Type("One")), Of(Type("Two")));
    }

    [Fact]
    public void A_lambda_may_capture_itself()
    {
        Func<int, int>? self = null;
        self = n => n == 0 ? 0 : self!(n - 1) + 1;
        Assert.Equal(Digest(self), Digest(self));
    }

    [Fact]
    public void Several_at_once_count_each()
    {
        Action one = () => GC.KeepAlive(1), two = () => GC.KeepAlive(2);
        Assert.NotEqual(Digest(one + two), Digest(two + one));
        Assert.NotEqual(Digest(one), Digest(one + one));
    }

    [Fact]
    public void Type_arguments_count()
    {
        Assert.NotEqual(Digest(Generic<string>.Get()), Digest(Generic<object>.Get()));
        Assert.NotEqual(Digest(Generic<string>.Get(1)), Digest(Generic<object>.Get(1)));
        Assert.NotEqual(Digest(Name<string>), Digest(Name<object>));
    }

    [Fact]
    public void The_types_that_a_caller_knows_count()
    {
        Func<object, string> text = value => $"{value}";
        Func<string, object> other = text;
        Assert.NotEqual(Digest(text), Digest(new Func<string, object>(text.Method.CreateDelegate<Func<string, object>>(text.Target))));
        Assert.Equal(Digest(text), Digest(other));
    }

    [Fact]
    public void What_writes_or_stays_here_is_refused()
    {
        int count = 0;
        LeatException writes = Assert.Throws<LeatException>(() => Digest(() => count++));
        Assert.Matches("^LEAT0057: The code of the lambda at FunctionIdentityTests.cs:[0-9]+ writes to the captured variable 'count'\\. Its value is part of the key", writes.Message);
        Assert.Contains("writes to the field 'count' of its object.", Assert.Throws<LeatException>(() => Digest(new Counter().Next)).Message, StringComparison.Ordinal);
        Assert.Contains("writes to the field 'count' of the captured 'this'.", Assert.Throws<LeatException>(() => Digest(new Counter().Lambda())).Message, StringComparison.Ordinal);
        Pool pool = Pool.Threads(1);
        LeatException stays = Assert.Throws<LeatException>(() => Digest(() => pool.Size));
        Assert.Matches("^LEAT0058: The captured variable 'pool' \\(Pool\\) in the lambda at FunctionIdentityTests.cs:[0-9]+ can't be part of the key of a cached result: ", stays.Message);
        CancellationToken token = CancellationToken.None;
        Assert.Contains("take a CancellationToken parameter in the lambda instead", Assert.Throws<LeatException>(() => Digest(() => token.CanBeCanceled)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Captured_files_count_by_name_and_content()
    {
        using var folder = new TemporaryDirectory();
        var one = new InputFile(folder.Write("a/x.txt", "1"));
        var two = new InputFile(folder.Write("b/x.txt", "1"));
        static Func<string> Reader(InputFile file) => () => File.ReadAllText(file.Path);
        Digest first = Digest(Reader(one));
        Assert.Equal(first, Digest(Reader(two)));
        folder.Write("b/x.txt", "2");
        Assert.NotEqual(first, Digest(Reader(two)));
    }

    private static string Name<T>() => typeof(T).Name;

    private static CodeProgram Program(string before, string lambda, string after = "") =>
        $$"""public static class Entry { public static Delegate Get() { {{before}} Func<int> function = {{lambda}}; {{after}} return function; } }""";

    private static Digest Of(CodeProgram program) => program.Use(OptimizationLevel.Release, fromFiles: false, Digest);

    private static Digest Digest(Delegate function) => FunctionIdentity.Of(function, function.Method.ReturnType, "f").Digest;

    private static class Generic<T>
    {
        public static Func<string> Get() => () => typeof(T).Name;

        public static Func<string> Get(int number) => () => typeof(T).Name + number;
    }

    private sealed class Counter
    {
        private int count;

        public int Next() => ++count;

        public Func<int> Lambda() => () => ++count;
    }
}
