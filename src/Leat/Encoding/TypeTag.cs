using System.Buffers;
using System.Collections.Concurrent;
using System.Reflection;

namespace Leat.Encoding;

/// <summary>
/// Names of types: <c>assembly!Namespace.Outer+Inner</c>, with the arguments of a generic type in <c>{;}</c> and the
/// dimensions of an array in <c>[]</c> behind. The compiler's own names have <c>&lt;&gt;</c> in them, but none of these.
/// </summary>
internal static class TypeTag
{
    private const int DeepestName = 8;

    private static readonly SearchValues<char> NoName = SearchValues.Create(",&*]\\\0");

    private static readonly Lazy<HashSet<string>> Parts = new(FindParts);
    private static readonly ConcurrentDictionary<Type, string> Names = [];
    private static readonly ConcurrentDictionary<string, Type> Types = new(StringComparer.Ordinal);

    /// <summary>The name of a type.</summary>
    public static string Of(Type type) => Names.GetOrAdd(type, static each => Name(each));

    /// <summary>
    /// The type of this program that has a name and is assignable to an expected one; null if there is none. Nothing is
    /// loaded for it: types of the framework are found if they can be encoded, others if their assembly is loaded and the
    /// program's own.
    /// </summary>
    public static Type? Find(string name, Type expected)
    {
        if (!Types.TryGetValue(name, out Type? type))
        {
            type = TryParse(name, expected);
            if (type is null)
            {
                return null;
            }
        }

        if (!type.IsAssignableTo(expected) || !Codecs.CanBe(type))
        {
            return null;
        }

        Types.TryAdd(name, type);
        return type;
    }

    /// <summary>A type as one would write it.</summary>
    public static string Describe(Type type)
    {
        if (type.IsArray)
        {
            return $"{Describe(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        }

        string name = type.Name;
        int tick = name.IndexOf('`', StringComparison.Ordinal);
        return tick < 0 ? name : $"{name[..tick]}<{string.Join(", ", type.GetGenericArguments().Select(Describe))}>";
    }

    private static string Name(Type type)
    {
        if (type.IsArray)
        {
            return $"{Name(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        }

        Type definition = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
        string name = $"{definition.Assembly.GetName().Name}!{definition.FullName}";
        return type.IsGenericType ? $"{name}{{{string.Join(';', type.GetGenericArguments().Select(Name))}}}" : name;
    }

    private static Type? TryParse(string name, Type expected)
    {
        int at = 0;
        try
        {
            Type? type = Parse(name, expected, ref at, 0);
            return at == name.Length ? type : null;
        }
        catch (Exception error) when (error is ArgumentException or TypeLoadException or NotSupportedException)
        {
            // Arguments that break the constraints of a type, arrays of what there are no arrays of.
            return null;
        }
    }

    private static Type? Parse(string name, Type expected, ref int at, int depth)
    {
        int end = name.AsSpan(at).IndexOfAny("{};[");
        end = end < 0 ? name.Length : at + end;
        Type? type = FindDefinition(name[at..end], expected);
        at = end;
        if (type is null || depth > DeepestName)
        {
            return null;
        }

        if (type.IsGenericTypeDefinition)
        {
            type = ParseArguments(name, expected, ref at, depth, type);
        }

        while (type is not null && at < name.Length && name[at] == '[')
        {
            int close = name.IndexOf(']', at);
            int rank = close - at;
            if (close < 0 || rank > 32 || ++depth > DeepestName || name.AsSpan(at + 1, rank - 1).ContainsAnyExcept(','))
            {
                return null;
            }

            type = rank == 1 ? type.MakeArrayType() : type.MakeArrayType(rank);
            at = close + 1;
        }

        return type;
    }

    private static Type? ParseArguments(string name, Type expected, ref int at, int depth, Type definition)
    {
        var arguments = new Type[definition.GetGenericArguments().Length];
        for (int i = 0; i < arguments.Length; i++)
        {
            if (at >= name.Length || name[at++] != (i == 0 ? '{' : ';') || Parse(name, expected, ref at, depth + 1) is not { } argument)
            {
                return null;
            }

            arguments[i] = argument;
        }

        if (at >= name.Length || name[at++] != '}')
        {
            return null;
        }

        return definition.MakeGenericType(arguments);
    }

    private static Type? FindDefinition(string name, Type expected)
    {
        int separator = name.IndexOf('!', StringComparison.Ordinal);
        if (separator < 0)
        {
            return null;
        }

        // What .NET would take for more than a name is none.
        string assemblyName = name[..separator];
        string typeName = name[(separator + 1)..];
        if (typeName.Length == 0 || typeName.AsSpan().ContainsAny(NoName))
        {
            return null;
        }

        foreach (Assembly assembly in AppDomain.CurrentDomain.GetAssemblies().Where(each => string.Equals(each.GetName().Name, assemblyName, StringComparison.Ordinal)))
        {
            if ((Codecs.IsFramework(assembly) || IsOwn(assembly, expected)) && assembly.GetType(typeName, throwOnError: false) is { } type)
            {
                return type;
            }
        }

        return null;
    }

    // The program itself, and what it is built of: what it refers to, and whatever refers to this library.
    private static bool IsOwn(Assembly assembly, Type expected) =>
        assembly == expected.Assembly
        || Parts.Value.Contains(assembly.GetName().Name!)
        || Array.Exists(assembly.GetReferencedAssemblies(), reference => string.Equals(reference.Name, typeof(TypeTag).Assembly.GetName().Name, StringComparison.Ordinal));

    private static HashSet<string> FindParts()
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        var open = new Queue<Assembly>([Assembly.GetEntryAssembly() ?? typeof(TypeTag).Assembly]);
        while (open.TryDequeue(out Assembly? assembly))
        {
            names.Add(assembly.GetName().Name!);
            foreach (AssemblyName reference in assembly.GetReferencedAssemblies().Where(reference => !names.Contains(reference.Name!)))
            {
                names.Add(reference.Name!);
                if (AppDomain.CurrentDomain.GetAssemblies().FirstOrDefault(each => string.Equals(each.GetName().Name, reference.Name, StringComparison.Ordinal)) is { } part
                    && !Codecs.IsFramework(part))
                {
                    open.Enqueue(part);
                }
            }
        }

        return names;
    }
}
