using static Leat.Tests.Code.CodePair;

namespace Leat.Tests.Code;

/// <summary>Edits that change no code.</summary>
internal static class SamePairs
{
    private const string Doubled = "(int x) => Twice(x) + 1";
    private const string Twice = "static int Twice(int it) => 2 * it;";

    public static IEnumerable<CodePair> All =>
    [
        Same("rebuilt", Lambda(Doubled, Twice), Lambda(Doubled, Twice)),
        Same("comments", Lambda(Doubled, Twice), Lambda("/* a */ (int x) => Twice(x) /* b */ + 1 // c\n", "// d\n" + Twice)),
        Same("formatting", Lambda(Doubled, Twice), Lambda("(int x)\n\n=>\n   Twice(\n x )+1", "static int\n\nTwice ( int it )\n=> 2*it ;")),
        Same("a renamed parameter", Lambda(Doubled, Twice), Lambda("(int y) => Twice(y) + 1", "static int Twice(int thing) => 2 * thing;")),
        Same("a renamed local", Lambda("(int x) => { int a = x; if (a > 1) a++; return a; }"), Lambda("(int x) => { int b = x; if (b > 1) b++; return b; }")),
        Same("a renamed captured local", Lambda("(int x) => x - a * b", before: "int a = 1, b = 2;"), Lambda("(int x) => x - p * q", before: "int p = 1, q = 2;")),
        Same("var and the type itself", Lambda("(int x) => { var a = x; Console.Write(a); return a; }"), Lambda("(int x) => { int a = x; Console.Write(a); return a; }")),
        Same("an annotation of nullability", Lambda("(string s) => Of(s)", "static string Of(string s) => s;"), Lambda("(string? s) => Of(s!)", "static string Of(string s) => s;")),
        Same("names of a tuple", Lambda("(int x) => { (int a, int b) t = (x, 1); return t.a; }"), Lambda("(int x) => { (int p, int q) t = (x, 1); return t.p; }")),
        Same("a neighbour of dynamic calls", Lambda("(dynamic x) => x.A(1)"), Lambda("(dynamic x) => x.A(1)", "static object K(dynamic y) => y.B(2, 3);", before: "Func<dynamic, object> other = y => y.C(2, 3, 4); GC.KeepAlive(other);")),
        Same("another lambda in a scope further in", Lambda("(int x) => x + a", before: "int a = 1;", after: "{ int z = 5; Func<int> other = () => z + a; other(); }"),
            Lambda("(int x) => x + a", before: "int a = 1;")),
        Same("another lambda that keeps two scopes apart", Scopes("() => outer + inner", ""), Scopes("() => outer + inner", "Func<int> other = () => outer; GC.KeepAlive(other);")),
        Same("another lambda that keeps scopes apart around a nested one", Scopes("() => new Func<int>(() => outer - inner)()", ""), Scopes("() => new Func<int>(() => outer - inner)()", "Func<int> other = () => outer; GC.KeepAlive(other);")),
        Same("a captured value", Lambda("(int x) => x + a", before: "int a = 1;"), Lambda("(int x) => x + a", before: "int a = 2;")),
        Same("another lambda before", Lambda(Doubled, Twice), Lambda(Doubled, Twice, before: "Func<int, int> other = x => x * 7; other(1);")),
        Same("another lambda behind", Lambda(Doubled, Twice), Lambda(Doubled, Twice, after: "Func<int, int> other = x => x * 7; other(1);")),
        Same("another lambda with captures before", Lambda("(int x) => x + a", before: "int a = 1;"),
            Lambda("(int x) => x + a", before: "int z = 5, a = 1; string s = \"\"; Func<string> other = () => s + z; other();")),
        Same("another lambda edited", Lambda(Doubled, Twice, before: "Func<int, int> other = x => x * 7; other(1);"),
            Lambda(Doubled, Twice, before: "Func<int, int> other = x => { Func<int> inner = () => x; return inner() * 8; }; other(1);")),
        Same("another local function", Lambda("(int x) => L(x)", before: "int L(int i) => i + 1;"),
            Lambda("(int x) => L(x)", before: "int K(int i) => i + 9; int L(int i) => i + 1; K(1);")),
        Same("a renamed local function", Lambda("(int x) => L(x)", before: "int L(int i) => i + 1;"), Lambda("(int x) => M(x)", before: "int M(int i) => i + 1;")),
        Same("a renamed method around it", "public static class Entry { public static Delegate Get() => Make(); static Delegate Make() { return (int x) => x + 1; } }",
            "public static class Entry { public static Delegate Get() => Build(); static Delegate Build() { return (int x) => x + 1; } }"),
        Same("members inserted above", Lambda(Doubled, Twice), Lambda(Doubled, "static int First(int i) => i; static string Name => \"n\"; class Inner { } " + Twice)),
        Same("types inserted above", Lambda(Doubled, Twice), "class New { public int A = 1; public Func<int> F = () => 1; } record R(int A);\n" + Lambda(Doubled, Twice)),
        Same("changed order of methods", Lambda(Doubled, Twice + "static int K(int i) { Func<int> f = () => i; return f(); }"),
            Lambda(Doubled, "static int K(int i) { Func<int> f = () => i; return f(); }" + Twice)),
        Same("changed order of types", "static class B { public static int M(int i) => i; }\n" + Lambda("(int x) => B.M(x) + C.M(x)") + "static class C { public static int M(int i) => -i; }",
            "static class C { public static int M(int i) => -i; }\n" + Lambda("(int x) => B.M(x) + C.M(x)") + "static class B { public static int M(int i) => i; }"),
        Same("changed order of overrides", Shapes("class Disc : Shape { public override int Area() => 3; }", "class Square : Shape { public override int Area() => 4; }"),
            Shapes("class Square : Shape { public override int Area() => 4; }", "class Disc : Shape { public override int Area() => 3; }")),
        Same("a moved file", Lambda(Doubled, Twice), new CodeProgram(Lambda(Doubled, Twice)) { Path = "/one/Steps/Other.cs" }),
        Same("another folder", Lambda(Doubled, Twice), new CodeProgram(Lambda(Doubled, Twice)) { Path = "/two/three/Program.cs" }),
        Same("another folder with a file-local type", Lambda("(int x) => Local.Twice(x)") + "file class Local { public static int Twice(int i) => 2 * i; }",
            new CodeProgram(Lambda("(int x) => Local.Twice(x)") + "file class Local { public static int Twice(int i) => 2 * i; }") { Path = "/two/Other.cs" }),
        Same("#line", Lambda(Doubled, Twice), "#line 700 \"Elsewhere.cs\"\n" + Lambda(Doubled, Twice)),
        Same("an unrelated edit in the same class", Lambda(Doubled, Twice + "static int K(int i) => i;"), Lambda(Doubled, Twice + "static int K(int i) => i * 3;")),
        Same("an unrelated static field's value", Lambda("(int x) => x + A", "static int A = Int32.Parse(\"1\"); static int B = Int32.Parse(\"2\");"),
            Lambda("(int x) => x + A", "static string C = string.Concat(\"a\", 1); static int A = Int32.Parse(\"1\"); static int B = Int32.Parse(\"3\");")),
        Same("another static lambda of the class", """
            public static class Entry { static readonly Func<int, int> One = x => x + 1; static readonly Func<int, int> Two = x => x + 2; static int K(int i) => i; public static Delegate Get() => One; }
            """, """
            public static class Entry { static readonly Func<int, int> One = x => x + 1; static readonly Func<int, int> Two = x => x * K(x); static int K(int i) => i; public static Delegate Get() => One; }
            """),
        Same("an override that nobody calls", Shapes("class Disc : Shape { public override int Area() => 3; public virtual int Other() => 1; }"),
            Shapes("class Disc : Shape { public override int Area() => 3; public virtual int Other() => 2; }")),
        Same("an async neighbour", Lambda("async (int x) => { await Task.Yield(); return x + 1; }"),
            Lambda("async (int x) => { await Task.Yield(); return x + 1; }", before: "Func<Task> other = async () => await Task.Delay(0); other();")),
        Same("renamed locals in async code", Lambda("async (int x) => { int a = x; await Task.Yield(); return a + 1; }"),
            Lambda("async (int y) => { int b = y; await Task.Yield(); return b + 1; }")),
        Same("renamed locals in an iterator", Lambda("(int x) => It(x)", "static IEnumerable<int> It(int n) { for (int i = 0; i < n; i++) yield return i; }"),
            Lambda("(int x) => It(x)", "static IEnumerable<int> It(int m) { for (int k = 0; k < m; k++) yield return k; }")),
        Same("a neighbour of an iterator", Lambda("(int x) => It(x)", "static IEnumerable<int> It(int n) { yield return n; }"),
            Lambda("(int x) => It(x)", "static IEnumerable<int> Other(int n) { yield return -n; } static IEnumerable<int> It(int n) { yield return n; }")),
        Same("another anonymous type", Lambda("(int x) => new { A = x }.A", after: ""), Lambda("(int x) => new { A = x }.A", "static object K() => new { B = 1, C = 2 };")),
        Same("another switch on strings", Lambda("(string s) => s switch { \"aa\" => 1, \"bb\" => 2, \"cc\" => 3, \"dd\" => 4, \"ee\" => 5, \"ff\" => 6, \"gg\" => 7, _ => 0 }"),
            Lambda("(string s) => s switch { \"aa\" => 1, \"bb\" => 2, \"cc\" => 3, \"dd\" => 4, \"ee\" => 5, \"ff\" => 6, \"gg\" => 7, _ => 0 }",
                "static int K(string s) => s switch { \"ax\" => 1, \"bx\" => 2, \"cx\" => 3, \"dx\" => 4, \"ex\" => 5, \"fx\" => 6, \"gx\" => 7, _ => 0 };")),
        Same("another array of data", Lambda("() => new[] { 1, 2, 3, 4, 5 }"), Lambda("() => new[] { 1, 2, 3, 4, 5 }", "static int[] K() => new[] { 9, 8, 7, 6, 5 };")),
        Same("a generic neighbour", Lambda("(int x) => Of<int>(x)", "static T Of<T>(T it) => it;"), Lambda("(int x) => Of<int>(x)", "static T Other<T>(T it) { Func<T> f = () => it; return f(); } static T Of<T>(T it) => it;")),
        Same("a method group", "public static class Entry { public static Delegate Get() => (Func<int, int>)Twice; static int Twice(int i) => 2 * i; }",
            "public static class Entry { public static Delegate Get() => (Func<int, int>)Twice; static int New(int i) => i; static int Twice(int k) => 2 * k; }"),
        Same("a neighbour in a top-level program", """
            int seen = args.Length; Entry.Function = (int x) => x + seen;
            public static class Entry { public static Delegate? Function; }
            """, """
            int seen = args.Length; Func<int> other = () => seen; other(); Entry.Function = (int y) => y + seen; Console.Write("");
            public static class Entry { public static Delegate? Function; }
            """),
        Same("a neighbour in a generic type", "class Box<T> { public Func<T, T> Get() => it => it; }\npublic static class Entry { public static Delegate Get() => new Box<int>().Get(); }",
            "class Box<T> { Func<T> Other(T it) => () => it; public Func<T, T> Get() => it => it; }\npublic static class Entry { public static Delegate Get() => new Box<int>().Get(); }"),
        Same("a renamed parameter of a primary constructor", Primary("class Line(int a, int b) { public int At(int x) => a * x + b; }"),
            Primary("class Line(int slope, int start) { public int At(int x) => slope * x + start; }")),
        Same("mutual recursion in another order", Lambda("(int x) => Even(x)", "static bool Even(int i) => i == 0 || Odd(i - 1); static bool Odd(int i) => i != 0 && Even(i - 1);"),
            Lambda("(int x) => Even(x)", "static bool Odd(int i) => i != 0 && Even(i - 1); static bool Even(int i) => i == 0 || Odd(i - 1);")),
        Same("pinned by hand", Lambda("(int x) => Twice(x)", "[CodeVersion(\"1\")] static int Twice(int i) => 2 * i;"), Lambda("(int x) => Twice(x)", "[CodeVersion(\"1\")] static int Twice(int i) => 3 * i;")),
        Same("a type pinned by hand", Lambda("(int x) => T.Twice(x)") + "[CodeVersion(\"1\")] class T { public static int Twice(int i) => 2 * i; }",
            Lambda("(int x) => T.Twice(x)") + "[CodeVersion(\"1\")] class T { public static int Twice(int i) => i << 1; }"),
        Same("a lambda pinned by hand", Lambda("[CodeVersion(\"1\")] (int x) => x + 1"), Lambda("[CodeVersion(\"1\")] (int x) => x + 2")),
        Same("changes ignored by hand", Lambda("(int x) => { Log(\"a\"); return x; }", "[IgnoreCodeChanges] static void Log(string s) { }"),
            Lambda("(int x) => { Log(\"a\"); return x; }", "[IgnoreCodeChanges] static void Log(string s) => Console.Write(s);")),
        Same("another build of a package", Packaged("1.2.0"), Packaged("1.2.0", "return 9;")),
        Same("another version of an own library", OwnLibrary("return i;", "1.0.0.0"), OwnLibrary("return i;", "2.0.0.0")),
        Same("long and short branches", Lambda("(int x) => { if (x > 1) { x++; } return x; }"), Lambda("(int x) => { if (x > 1) { x++; } return x; }", before: "int y = 1; y++;")),
    ];

    public static string Shapes(params string[] shapes) =>
        Lambda("(Shape shape) => shape.Area()") + "public abstract class Shape { public abstract int Area(); }\n" + string.Join('\n', shapes);

    private static string Scopes(string lambda, string other) => $$"""
        public static class Entry { public static Delegate Get() { int outer = 1; {{other}} if (outer > 0) { int inner = 2; Func<int> function = {{lambda}}; return function; } throw new Exception(); } }
        """;

    public static string Primary(string type) => Lambda("(int x) => new Line(2, 3).At(x)") + type;

    public static CodeProgram Packaged(string version, string body = "return i;") => new(Lambda("(int x) => Packaged.Of(x)"))
    {
        Library = $$"""
            [assembly: System.Reflection.AssemblyVersion("1.0.0.0")]
            [assembly: System.Reflection.AssemblyInformationalVersion("{{version}}+abc")]
            public static class Packaged { public static int Of(int i) { {{body}} } }
            """,
    };

    public static CodeProgram OwnLibrary(string body, string version = "1.0.0.0") => new(Lambda("(int x) => Owned.Of(x)"))
    {
        Library = $$"""
            [assembly: System.Reflection.AssemblyVersion("{{version}}")]
            public static class Owned { public static int Of(int i) { {{body}} } public static object Leat() => typeof(PipelineException); }
            """,
    };
}
