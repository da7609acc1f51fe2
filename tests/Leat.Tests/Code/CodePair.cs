namespace Leat.Tests.Code;

/// <summary>Two programs, and whether the code of their delegates is to count as the same.</summary>
internal sealed record CodePair(string Name, bool IsSame, CodeProgram One, CodeProgram Other)
{
    public static CodePair Same(string name, CodeProgram one, CodeProgram other) => new(name, true, one, other);

    public static CodePair Different(string name, CodeProgram one, CodeProgram other) => new(name, false, one, other);

    /// <summary>A program whose delegate is a lambda in <c>Entry.Get</c>, with other members beside it.</summary>
    public static string Lambda(string lambda, string members = "", string before = "", string after = "") => $$"""
        public static class Entry
        {
            public static Delegate Get()
            {
                {{before}}
                var function = {{lambda}};
                {{after}}
                return function;
            }
            {{members}}
        }

        """;
}
