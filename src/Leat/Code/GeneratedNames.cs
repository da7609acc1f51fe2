using System.Buffers;
using System.Reflection.Metadata;

namespace Leat.Code;

/// <summary>Tells the names that the compiler made up from those that an author wrote.</summary>
internal static class GeneratedNames
{
    /// <summary>How the names of fields begin that lead from a closure to that of the scope around it.</summary>
    public const string OuterClosure = "CS$<>8__locals";

    /// <summary>The field of a closure that holds the object which the code around the delegate belongs to.</summary>
    public const string CapturedThis = "<>4__this";

    private const int DigestLength = 64;

    private static readonly SearchValues<char> DigestDigits = SearchValues.Create("0123456789ABCDEF");

    /// <summary>
    /// True for lambdas, local functions and other members without a name of their own; false for members such as
    /// <c>&lt;Clone&gt;$</c>, whose generated name is as good as a written one.
    /// </summary>
    public static bool IsGenerated(string name) =>
        name.StartsWith('<') && name is not ("<Clone>$" or "<Main>$" or "<Main>" or "<Module>") && FileLocal(name) == 0;

    /// <summary>True for a type that the compiler made, and all in it.</summary>
    public static bool IsGenerated(TypeId type)
    {
        TypeDefinition definition = type.Definition;
        while (!IsGenerated(type.Module.Reader.GetString(definition.Name)))
        {
            if (definition.GetDeclaringType() is not { IsNil: false } outer) return false;
            definition = type.Module.Reader.GetTypeDefinition(outer);
        }
        return true;
    }

    public static bool IsGenerated(MethodId method) => IsGenerated(method.Name) || IsGenerated(method.Type);

    public static bool IsAnonymousType(TypeId type) =>
        type.Module.Reader.StringComparer.StartsWith(type.Definition.Name, "<>f__AnonymousType");

    /// <summary>The names of an anonymous type's properties, which are all its identity.</summary>
    public static IEnumerable<string> AnonymousProperties(TypeId type) =>
        type.Definition.GetFields().Select(field => Within(new FieldId(type.Module, field).Name));

    /// <summary>True for the field in which a primary constructor's parameter is kept.</summary>
    public static bool IsPrimaryParameter(string field) => field.StartsWith('<') && field.EndsWith(">P", StringComparison.Ordinal);

    /// <summary>The name of a type without the digest of its file's path, which a file-local type carries.</summary>
    public static string WithoutFile(string fullName)
    {
        int start = fullName.LastIndexOfAny(['.', '+']) + 1;
        int length = FileLocal(fullName.AsSpan(start));
        string outer = start == 0 ? "" : fullName[..start];
        if (outer.Contains('<', StringComparison.Ordinal) && outer.EndsWith('+')) outer = WithoutFile(outer[..^1]) + "+";
        return length == 0 && outer.Length == start ? fullName : string.Concat(outer, fullName.AsSpan(start + length));
    }

    /// <summary>What the compiler put between the first angle brackets: the name of the method that a lambda stands in.</summary>
    public static string Within(string name)
    {
        int depth = 0;
        for (int i = 0; i < name.Length; i++)
        {
            if (name[i] == '<') depth++;
            else if (name[i] == '>' && --depth == 0) return name[1..i];
        }
        return name;
    }

    /// <summary>The name of the local function that a generated method is, or null for a lambda.</summary>
    public static string? LocalFunction(string name)
    {
        int start = name.LastIndexOf(">g__", StringComparison.Ordinal);
        int end = name.LastIndexOf('|');
        return start < 0 || end < start ? null : name[(start + 4)..end];
    }

    // <Program>F0123…__Name, with the 64 digits of a hash of the path.
    private static int FileLocal(ReadOnlySpan<char> name)
    {
        int close = name.StartsWith('<') ? name.IndexOf('>') : -1;
        if (close < 0 || name.Length < close + 2 + DigestLength + 2 || name[close + 1] != 'F') return 0;
        ReadOnlySpan<char> digest = name.Slice(close + 2, DigestLength);
        bool isDigest = !digest.ContainsAnyExcept(DigestDigits);
        return isDigest && name[(close + 2 + DigestLength)..].StartsWith("__") ? close + 2 + DigestLength + 2 : 0;
    }
}
