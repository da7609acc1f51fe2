using System.Collections.Immutable;
using System.Reflection;
using Leat.Encoding;

namespace Leat.Code;

/// <summary>What a delegate has captured, for people.</summary>
/// <param name="Title">What an author calls it, such as <c>the captured variable 'cutoff'</c>.</param>
/// <param name="Value">Its value, in a few words.</param>
internal sealed record CapturedPart(string Title, string Value);

/// <summary>Lists what a delegate has captured, and what the delegates among that have captured.</summary>
internal sealed class CapturedState
{
    private readonly ImmutableArray<CapturedPart>.Builder parts = ImmutableArray.CreateBuilder<CapturedPart>();
    private readonly HashSet<(object Holder, FieldInfo? Field)> seen = new(new ByHolder());

    private CapturedState() { }

    public static ImmutableArray<CapturedPart> Of(Delegate function)
    {
        var state = new CapturedState();
        state.Add(function);
        return state.parts.ToImmutable();
    }

    private void Add(Delegate function)
    {
        foreach (Delegate each in function.GetInvocationList()) AddOne(each);
    }

    private void AddOne(Delegate function)
    {
        switch (function.Target)
        {
            case null:
                break;
            case Delegate called:
                Add(called);
                break;
            case { } target when Closures.IsClosure(target.GetType()):
                foreach (CapturedVariable variable in DelegateCode.Variables(function)) AddVariable(function, variable, target);
                break;
            case { } target when Closures.SingletonOf(target.GetType()) is null:
                AddObject(function, target);
                break;
        }
    }

    private void AddVariable(Delegate function, CapturedVariable variable, object target)
    {
        FieldInfo field = variable.Path[^1];
        object closure = Closures.HolderOf(variable, target);
        if (!seen.Add((closure, field))) return;
        object? value = field.GetValue(closure);
        if (Closures.IsThis(field) && value is not null) AddObject(function, value);
        else AddPart($"the captured variable '{variable.Name}'", field.FieldType, value);
    }

    private void AddObject(Delegate function, object value)
    {
        Type type = value.GetType();
        string role = FunctionTitle.RoleOfObject(function);
        if (ObjectFields.ToSend(type, () => DelegateCode.UseOfThis(function.Method, type)) is not { } fields)
        {
            if (seen.Add((value, null))) AddPart($"the {role}", type, value);
            return;
        }
        foreach (FieldInfo field in fields.Where(field => seen.Add((value, field))))
        {
            AddPart($"the field '{CodecBuilder.NameOf(field)}' of the {role}", field.FieldType, field.GetValue(value));
        }
    }

    private void AddPart(string title, Type type, object? value)
    {
        // Of several scopes or lambdas, each may have one of the name.
        int same = parts.Count(part => part.Title == title || part.Title.StartsWith(title + " (", StringComparison.Ordinal));
        string distinct = same == 0 ? title : $"{title} ({same + 1})";
        parts.Add(new CapturedPart(distinct, value is Delegate function ? ValueText.Of(function) : ValueText.Of(type, value)));
        if (value is Delegate captured) Add(captured);
    }

    // An author's objects may call others equal to themselves.
    private sealed class ByHolder : IEqualityComparer<(object Holder, FieldInfo? Field)>
    {
        public bool Equals((object Holder, FieldInfo? Field) x, (object Holder, FieldInfo? Field) y) =>
            ReferenceEquals(x.Holder, y.Holder) && Equals(x.Field, y.Field);

        public int GetHashCode((object Holder, FieldInfo? Field) obj) =>
            HashCode.Combine(System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(obj.Holder), obj.Field);
    }
}
