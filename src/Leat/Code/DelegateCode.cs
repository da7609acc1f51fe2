using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using Leat.Encoding;

namespace Leat.Code;

/// <summary>
/// The code of delegates: what they do, without the state that they captured. Equal in every process and on every
/// machine that runs the same program, and after every rebuild that leaves the code itself as it was.
/// </summary>
internal static class DelegateCode
{
    private static readonly Lock Turn = new();
    // By the method itself: those of one generic type share a handle, whatever classes its type arguments are.
    private static readonly ConditionalWeakTable<Assembly, ConcurrentDictionary<MethodInfo, Digest>> Known = [];

    /// <summary>The fingerprint of a delegate's code.</summary>
    /// <exception cref="LeatException">It was made at run time, or its code can't be read.</exception>
    public static Digest FingerprintOf(Delegate function)
    {
        if (function.HasSingleTarget) return FingerprintOf(function.Method);
        return Digest.OfText(string.Join('\n', function.GetInvocationList().Select(each => FingerprintOf(each.Method))));
    }

    /// <summary>The fingerprint of a method's code.</summary>
    /// <exception cref="LeatException">It was made at run time, or its code can't be read.</exception>
    public static Digest FingerprintOf(MethodInfo method)
    {
        RefuseMadeAtRunTime(method);
        ConcurrentDictionary<MethodInfo, Digest> known = Known.GetValue(method.Module.Assembly, _ => new());
        if (known.TryGetValue(method, out Digest fingerprint)) return fingerprint;
        lock (Turn) fingerprint = Entry(method).Fingerprint;
        known[method] = fingerprint;
        return fingerprint;
    }

    /// <summary>What the fingerprint of a delegate's code covers, and what it has captured.</summary>
    /// <exception cref="LeatException">It was made at run time, or its code can't be read.</exception>
    public static CodeExplanation Explain(Delegate function)
    {
        MethodInfo[] methods = [.. function.GetInvocationList().Select(each => each.Method)];
        foreach (MethodInfo method in methods) RefuseMadeAtRunTime(method);
        CodeExplanation code;
        lock (Turn) code = CodeExplanation.Of(FingerprintOf(function), methods.Select(Entry));
        // Codecs of the author's run in it, and wait for nobody.
        return code with { Captured = CapturedState.Of(function) };
    }

    /// <summary>The captured variables that a delegate uses. One that calls several is to be taken apart first.</summary>
    /// <exception cref="LeatException">It was made at run time, or its code can't be read.</exception>
    public static ClosureFields Captured(Delegate function)
    {
        RefuseMadeAtRunTime(function.Method);
        lock (Turn)
        {
            CodeGraph graph = CodeGraph.Of(function.Method.Module.Assembly);
            return graph.Find(function.Method) is { } method
                ? ClosureFields.Of(function.Target, graph.UnitAsWritten(new UnitId(method)), graph)
                : ClosureFields.OfObject(function.Target);
        }
    }

    /// <summary>
    /// The variables whose values belong to a delegate with a closure: of the author's code those that it reads, of other
    /// code, such as the lambdas of Leat that call the author's, all that are there.
    /// </summary>
    public static IEnumerable<CapturedVariable> Variables(Delegate function) =>
        IsOwn(function.Method) ? Captured(function).Read : Closures.Variables(function.Target!.GetType());

    /// <summary>Refuses a delegate that writes to a captured variable, which no other process could do for it.</summary>
    /// <exception cref="LeatException">It does; the message names the variable.</exception>
    public static void RefuseWrites(Delegate function)
    {
        string? written = Captured(function).Written is [var variable, ..] ? $"captured variable '{variable.Name}'"
            : Closures.ThisOf(function) is { } captured && UseOfThis(function.Method, captured.GetType()).Written is [var field, ..]
                ? $"field '{Leat.Encoding.CodecBuilder.NameOf(field)}' of the captured 'this'"
            : null;
        if (written is not null) throw CodeErrors.WritesCaptured(FunctionTitle.Of(function.Method), written);
    }

    /// <summary>Which fields of the object that a method was called on, or whose code a lambda stands in, its code uses.</summary>
    /// <param name="method">The method, or the lambda's.</param>
    /// <param name="type">The type of the object.</param>
    public static ThisUse UseOfThis(MethodInfo method, Type type)
    {
        if (!IsOwn(method)) return ThisUse.Anything;
        lock (Turn) return ThisUse.Of(method, type, CodeGraph.Of(method.Module.Assembly));
    }

    /// <summary>True for a method that an author wrote; false for those of the framework, of Leat and of packages.</summary>
    public static bool IsOwn(MethodInfo method) => !OwnAssemblies.IsNever(method.Module.Assembly.GetName());

    /// <summary>What an author calls a method of their own.</summary>
    public static string TitleOf(MethodInfo method)
    {
        lock (Turn) return CodeTitles.Of(new UnitId(CodeGraph.Of(method.Module.Assembly).Find(method)!.Value));
    }

    private static CodeEntry Entry(MethodInfo method) => CodeEntry.Of(method, CodeGraph.Of(method.Module.Assembly));

    /// <summary>Refuses a method that is in no assembly.</summary>
    /// <exception cref="LeatException">It was made at run time.</exception>
    public static void RefuseMadeAtRunTime(MethodInfo method)
    {
        if (method.DeclaringType is null || method.Module.Assembly.IsDynamic) throw CodeErrors.MadeAtRunTime(method.Name);
    }
}
