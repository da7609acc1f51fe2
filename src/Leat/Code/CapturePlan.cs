using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.CompilerServices;
using Leat.Encoding;

namespace Leat.Code;

/// <summary>A field of an object, by a label that stays when a parameter is renamed that it keeps.</summary>
internal readonly record struct LabelledField(FieldInfo Field, string Label);

/// <summary>
/// What the code of a delegate uses of its closure, or of an object that belongs to it. The code is read once for it, and
/// the values are looked up as often as they are asked for.
/// </summary>
/// <param name="Variables">The captured variables that are read, in the order in which the fingerprint numbers them.</param>
/// <param name="Fields">The fields that are read; null where the object counts as a value.</param>
/// <param name="Written">What the code writes to, for people; null if it only reads.</param>
internal sealed record CapturePlan(ImmutableArray<CapturedVariable> Variables, ImmutableArray<LabelledField>? Fields, string? Written)
{
    private static readonly ConditionalWeakTable<Assembly, ConcurrentDictionary<(MethodInfo Method, Type Type), CapturePlan>> Known = [];
    private static readonly ConditionalWeakTable<Assembly, ConcurrentDictionary<(MethodInfo Method, Type Type), string>> Variances = [];

    /// <summary>What a delegate uses of the closure that is its target.</summary>
    public static CapturePlan OfClosure(Delegate function)
    {
        MethodInfo method = function.Method;
        ConcurrentDictionary<(MethodInfo Method, Type Type), CapturePlan> known = Known.GetOrCreateValue(method.Module.Assembly);
        (MethodInfo Method, Type Type) key = (method, function.Target!.GetType());
        if (known.TryGetValue(key, out CapturePlan? plan)) return plan;
        string? written = DelegateCode.IsOwn(method) && DelegateCode.Captured(function).Written is [var variable, ..]
            ? $"captured variable '{variable.Name}'"
            : null;
        return known.GetOrAdd(key, new CapturePlan([.. DelegateCode.Variables(function)], null, written));
    }

    /// <summary>What a delegate uses of an object of a type: of <c>this</c>, or of what a method was taken.</summary>
    public static CapturePlan OfObject(MethodInfo method, Type type)
    {
        ConcurrentDictionary<(MethodInfo Method, Type Type), CapturePlan> known = Known.GetOrCreateValue(method.Module.Assembly);
        return known.TryGetValue((method, type), out CapturePlan? plan) ? plan : known.GetOrAdd((method, type), MakeOfObject(method, type));
    }

    /// <summary>
    /// The types that the caller of a delegate knows, where they are not those of its method: values are encoded as these.
    /// Empty where they are the same.
    /// </summary>
    public static string Variance(Delegate function)
    {
        MethodInfo method = function.Method;
        ConcurrentDictionary<(MethodInfo Method, Type Type), string> known = Variances.GetOrCreateValue(method.Module.Assembly);
        (MethodInfo Method, Type Type) key = (method, function.GetType());
        return known.TryGetValue(key, out string? words) ? words : known.GetOrAdd(key, MakeVariance(method, key.Type));
    }

    private static string MakeVariance(MethodInfo method, Type type)
    {
        Type[] told = TypesOf(type.GetMethod(nameof(Action.Invoke))!);
        Type[] own = TypesOf(method);
        bool isSame = told.AsSpan().SequenceEqual(own.AsSpan(Math.Max(0, own.Length - told.Length)));
        return isSame ? "" : string.Join(',', told.Select(TypeTag.Of));
    }

    // The first argument of a static method may be the delegate's target, so the result comes last.
    private static Type[] TypesOf(MethodInfo method) => [.. method.GetParameters().Select(each => each.ParameterType), method.ReturnType];

    private static CapturePlan MakeOfObject(MethodInfo method, Type type)
    {
        ThisUse use = DelegateCode.UseOfThis(method, type);
        // What an object does to itself within the methods that are called is its own affair.
        string? written = use.Written is not [var field, ..] ? null
            : $"field '{CodecBuilder.NameOf(field)}' of {(GeneratedNames.IsGenerated(method.Name) ? "the captured 'this'" : "its object")}";
        ImmutableArray<LabelledField>? fields = ObjectFields.ToSend(type, () => use) is { } read
            ? [.. read.Select(each => new LabelledField(each, Label(type, each))).OrderBy(each => each.Label, StringComparer.Ordinal)]
            : null;
        return new CapturePlan([], fields, written);
    }

    // As the fingerprint has it: parameters of a primary constructor by their place, all others by name.
    private static string Label(Type type, FieldInfo field)
    {
        int level = 0;
        for (Type? each = type; each is not null && each != field.DeclaringType; each = each.BaseType) level++;
        string name = GeneratedNames.IsPrimaryParameter(field.Name)
            ? $"parameter#{field.DeclaringType!.GetFields(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly)
                .Count(each => GeneratedNames.IsPrimaryParameter(each.Name) && each.MetadataToken < field.MetadataToken):D3}"
            : field.Name;
        return $"{level:D3} {name}";
    }
}
