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
            int at = 0;
            type = Parse(name, ref at, 0);
            if (type is null || at != name.Length)
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

    private static Type? Parse(string name, ref int at, int depth)
    {
        int end = name.AsSpan(at).IndexOfAny("{};[");
        end = end < 0 ? name.Length : at + end;
        Type? type = FindDefinition(name[at..end]);
        at = end;
        if (type is null || depth > DeepestName)
        {
            return null;
        }

        if (type.IsGenericTypeDefinition)
        {
            type = ParseArguments(name, ref at, depth, type);
        }

        while (type is not null && at < name.Length && name[at] == '[')
        {
            int close = name.IndexOf(']', at);
            int rank = close - at;
            if (close < 0 || rank > 32 || name.AsSpan(at + 1, rank - 1).ContainsAnyExcept(','))
            {
                return null;
            }

            type = rank == 1 ? type.MakeArrayType() : type.MakeArrayType(rank);
            at = close + 1;
        }

        return type;
    }

    private static Type? ParseArguments(string name, ref int at, int depth, Type definition)
    {
        var arguments = new Type[definition.GetGenericArguments().Length];
        for (int i = 0; i < arguments.Length; i++)
        {
            if (at >= name.Length || name[at++] != (i == 0 ? '{' : ';') || Parse(name, ref at, depth + 1) is not { } argument)
            {
                return null;
            }

            arguments[i] = argument;
        }

        if (at >= name.Length || name[at++] != '}')
        {
            return null;
        }

        try
        {
            return definition.MakeGenericType(arguments);
        }
        catch (ArgumentException)
        {
            // The arguments break the type's constraints.
            return null;
        }
    }

    private static Type? FindDefinition(string name)
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
            if ((Codecs.IsFramework(assembly) || IsOwn(assembly)) && assembly.GetType(typeName, throwOnError: false) is { } type)
            {
                return type;
            }
        }

        return null;
    }

    // The program itself, and what it is built of: whatever refers to this library.
    private static bool IsOwn(Assembly assembly) =>
        assembly == Assembly.GetEntryAssembly()
        || assembly == typeof(TypeTag).Assembly
        || Array.Exists(assembly.GetReferencedAssemblies(), reference => string.Equals(reference.Name, typeof(TypeTag).Assembly.GetName().Name, StringComparison.Ordinal));
}
