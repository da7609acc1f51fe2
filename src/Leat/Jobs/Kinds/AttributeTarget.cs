using System.Linq.Expressions;
using System.Reflection;

namespace Leat.Jobs;

/// <summary>A property or a field of an object, or of a class.</summary>
/// <param name="Owner">The object; null for a static one.</param>
/// <param name="Type">The type that declares it.</param>
/// <param name="Name">Its name.</param>
internal sealed record AttributeTarget(object? Owner, Type Type, string Name)
{
    private const BindingFlags Any = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>What an expression such as <c>() => genome.Index</c> means.</summary>
    /// <exception cref="ArgumentException">It is not a property or field that can be set.</exception>
    public static AttributeTarget Of(LambdaExpression expression, out string text)
    {
        if (expression.Body is not MemberExpression { Member: { } member } access || member is PropertyInfo { CanWrite: false } or FieldInfo { IsInitOnly: true })
        {
            throw JobErrors.NoAttribute(expression);
        }

        object? owner = access.Expression is null ? null : Expression.Lambda<Func<object>>(Expression.Convert(access.Expression, typeof(object))).Compile(preferInterpretation: true)();
        if (access.Expression is not null && owner is null) throw JobErrors.NoAttribute(expression);
        text = $"{TextOf(access.Expression) ?? member.DeclaringType!.Name}.{member.Name}";
        return new AttributeTarget(owner, member.DeclaringType!, member.Name);
    }

    public void Set(object? value)
    {
        MemberInfo member = Type.GetMember(Name, MemberTypes.Property | MemberTypes.Field, Any)[0];
        if (member is PropertyInfo property) property.SetValue(Owner, value);
        else ((FieldInfo)member).SetValue(Owner, value);
    }

    private static string? TextOf(Expression? owner) => owner switch
    {
        null => null,
        MemberExpression { Member: var member, Expression: ConstantExpression } => member.Name,
        MemberExpression { Member: var member, Expression: { } inner } => $"{TextOf(inner)}.{member.Name}",
        ConstantExpression => "this",
        _ => owner.ToString(),
    };
}
