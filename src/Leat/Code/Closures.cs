using System.Collections.Immutable;
using System.Reflection;

namespace Leat.Code;

/// <summary>The objects that the compiler makes to hold captured variables, as they are loaded.</summary>
internal static class Closures
{
    private const string TypePrefix = "<>c__DisplayClass";
    private const string CachedDelegate = "<>9__";
    private const string Singleton = "<>9";
    private const BindingFlags Instance = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    public static bool IsClosure(Type type) => type.Name.StartsWith(TypePrefix, StringComparison.Ordinal);

    /// <summary>Where the one object of a type is that holds lambdas without captured variables; null for other types.</summary>
    public static FieldInfo? SingletonOf(Type type) =>
        type.Name.StartsWith("<>c", StringComparison.Ordinal) && type.GetField(Singleton, BindingFlags.Static | BindingFlags.Public) is { } field && field.FieldType == type
            ? field
            : null;

    /// <summary>The fields that lead to the closures of the scopes around.</summary>
    public static IEnumerable<FieldInfo> Outer(Type closure) =>
        closure.GetFields(Instance).Where(field => IsOuter(field.Name)).OrderBy(field => field.MetadataToken);

    /// <summary>All variables in a closure and in those of the scopes around, whoever uses them.</summary>
    public static IEnumerable<CapturedVariable> Variables(Type closure) => Variables(closure, []);

    public static FieldInfo? Field(Type closure, string name) => closure.GetField(name, Instance);

    public static bool IsThis(FieldInfo field) => field.Name == GeneratedNames.CapturedThis && IsClosure(field.DeclaringType!);

    /// <summary>The object whose code a lambda stands in, if it captured that; null for methods and all others.</summary>
    public static object? ThisOf(Delegate function)
    {
        if (!GeneratedNames.IsGenerated(function.Method.Name) || function.Method.IsStatic || function.Target is not { } target) return null;
        if (!IsClosure(target.GetType())) return SingletonOf(target.GetType()) is null ? target : null;
        CapturedVariable? captured = Variables(target.GetType()).FirstOrDefault(each => IsThis(each.Path[^1]));
        return captured is null ? null : captured.Path[^1].GetValue(HolderOf(captured, target));
    }

    /// <summary>The closure that holds a variable.</summary>
    /// <param name="variable">The variable.</param>
    /// <param name="target">The closure that its path starts from.</param>
    public static object HolderOf(CapturedVariable variable, object target) =>
        variable.Path[..^1].Aggregate(target, (closure, outer) => outer.GetValue(closure)!);

    private static IEnumerable<CapturedVariable> Variables(Type closure, ImmutableArray<FieldInfo> path)
    {
        foreach (FieldInfo field in closure.GetFields(Instance).OrderBy(field => field.MetadataToken))
        {
            if (IsOuter(field.Name))
            {
                foreach (CapturedVariable variable in Variables(field.FieldType, path.Add(field))) yield return variable;
            }
            else if (!field.Name.StartsWith(CachedDelegate, StringComparison.Ordinal))
            {
                yield return new CapturedVariable(IsThis(field) ? CapturedVariable.This : field.Name, path.Add(field));
            }
        }
    }

    private static bool IsOuter(string field) => field.StartsWith(GeneratedNames.OuterClosure, StringComparison.Ordinal);
}
