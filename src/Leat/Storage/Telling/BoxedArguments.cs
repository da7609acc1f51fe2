using System.Reflection;

namespace Leat.Storage;

/// <summary>Encodes arguments whose types only the function knows.</summary>
internal static class BoxedArguments
{
    private static readonly MethodInfo Encode = typeof(BoxedArguments).GetMethod(nameof(EncodeAs), BindingFlags.Static | BindingFlags.NonPublic)!;

    /// <summary>The types of a function's arguments, but for a token at the end, which is in no key.</summary>
    public static Type[] TypesOf(Delegate function)
    {
        Type[] types = [.. function.GetType().GetMethod(nameof(Action.Invoke))!.GetParameters().Select(each => each.ParameterType)];
        return types is [.., var last] && last == typeof(CancellationToken) ? types[..^1] : types;
    }

    /// <summary>Encodes an argument as the type that the function takes.</summary>
    public static EncodedValue Of(Type type, object? value, FileDigests files) =>
        Encode.MakeGenericMethod(type).CreateDelegate<Func<object?, FileDigests, EncodedValue>>()(value, files);

    private static EncodedValue EncodeAs<T>(object? value, FileDigests files) => EncodedValue.Of((T)value!, files);
}
