using System.Reflection;
using Leat.Code;
using Leat.Encoding;
using Leat.Pools;
using Leat.Storage;
using Leat.Streams;

namespace Leat.Calls;

/// <summary>How the values of a function's inputs make up the arguments of its calls.</summary>
internal enum CallShape
{
    /// <summary>A call for each value of the one input.</summary>
    Each,

    /// <summary>A call for each combination of values, those of the last input varying fastest.</summary>
    Product,

    /// <summary>A call with the first values of all inputs, one with the second ones, and so on.</summary>
    Pairs,
}

/// <summary>A function that was given to <see cref="Call"/>.</summary>
internal sealed class CallFunction<TOut>
{
    private const int LongestName = 60;

    public CallFunction(CallBody<TOut> body, CallOptions? options, string? expression)
    {
        ArgumentNullException.ThrowIfNull(body.Function);
        Body = body;
        Options = options ?? new CallOptions();
        if (body.Function.Target is IWrapped wrapped)
        {
            // It looks into its cache itself.
            Options = Options with { Cache = null, Name = Options.Name ?? wrapped.Name };
        }

        Name = Options.Name ?? MethodName.Of(body.Function) ?? Shorten(expression) ?? "function";
        if (IsTask(typeof(TOut))) throw CallErrors.NoValue(Name, typeof(TOut));
        if (Options.Cache is not null)
        {
            CheckTypes();
            Identify();
        }

        if (Options.Pool is ProcessPool) CheckPortable();
    }

    public CallBody<TOut> Body { get; }

    public CallOptions Options { get; }

    public string Name { get; }

    /// <summary>Refuses a function that can't go to another process, or whose arguments and results can't.</summary>
    /// <exception cref="LeatException">It can't; the message says what is in its way.</exception>
    public void CheckPortable()
    {
        CheckTypes();
        RemoteStage.Check<RemoteCall, RemoteResult>(RemoteCalls.TaskOf(Body.Invoke));
    }

    /// <summary>What the function is in keys, at this moment.</summary>
    /// <exception cref="LeatException">It can't be part of a key.</exception>
    public FunctionIdentity Identify() => FunctionIdentity.Of(Body.Function, typeof(TOut), FunctionName.Of(Body.Function, Options.Name), Options.Cache!.Files);

    private void CheckTypes()
    {
        foreach (ParameterInfo parameter in Body.Function.GetType().GetMethod(nameof(Action.Invoke))!.GetParameters())
        {
            if (parameter.ParameterType != typeof(CancellationToken)) Codecs.For(parameter.ParameterType);
        }

        Codecs.For<TOut>();
    }

    private static bool IsTask(Type type) =>
        typeof(Task).IsAssignableFrom(type) || type == typeof(ValueTask) || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueTask<>));

    private static string? Shorten(string? expression)
    {
        if (string.IsNullOrWhiteSpace(expression)) return null;
        string line = string.Join(' ', expression.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= LongestName ? line : string.Concat(line.AsSpan(0, LongestName), "…");
    }
}
