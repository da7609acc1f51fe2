using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using Leat.Encoding;

namespace Leat.Code;

/// <summary>
/// How the digest of a lambda is made whose captured variables are all plain values in one closure, as those of nearly all are: its code
/// always gives the same bytes, and behind these come the values. <see cref="CapturedDigest"/> writes every lambda; this one writes the same
/// bytes sooner, for graphs with very many jobs of one lambda.
/// </summary>
/// <param name="head">What comes before the values.</param>
/// <param name="variables">The variables, in order.</param>
internal sealed class FlatCapture(byte[] head, (FieldInfo Field, Codec Codec)[] variables)
{
    private static readonly ConditionalWeakTable<Assembly, ConcurrentDictionary<(MethodInfo Method, Type Delegate, Type Closure), FlatCapture>> Known = [];

    /// <summary>That of a delegate, if it is known to have one.</summary>
    public static FlatCapture? Find(Delegate function)
    {
        if (!function.HasSingleTarget || function.Target is not { } target) return null;
        MethodInfo method = function.Method;
        return Known.TryGetValue(method.Module.Assembly, out ConcurrentDictionary<(MethodInfo Method, Type Delegate, Type Closure), FlatCapture>? known)
            ? known.GetValueOrDefault((method, function.GetType(), target.GetType()))
            : null;
    }

    /// <summary>Remembers how the digest of a delegate is made, if it can be made so.</summary>
    /// <param name="function">The delegate.</param>
    /// <param name="written">What its digest was just made of.</param>
    /// <param name="context">The context in which that was written.</param>
    public static void Learn(Delegate function, ReadOnlySpan<byte> written, object? context)
    {
        if (!function.HasSingleTarget || function.Target is not { } target || !Closures.IsClosure(target.GetType())) return;
        CapturePlan plan = CapturePlan.OfClosure(function);
        if (plan.Written is not null || plan.Variables.Any(each => each.Path.Length != 1 || Closures.IsThis(each.Path[0]) || typeof(Delegate).IsAssignableFrom(each.Path[0].FieldType))) return;
        (FieldInfo, Codec)[] variables = [.. plan.Variables.Select(each => (each.Path[0], Codecs.For(each.Path[0].FieldType)))];
        var values = new EncodingWriter { Context = context };
        WriteValues(values, target, variables);
        // The whole must come out the same; else it is not as simple as that.
        if (!written.EndsWith(values.Written)) return;
        MethodInfo method = function.Method;
        Known.GetOrCreateValue(method.Module.Assembly)[(method, function.GetType(), target.GetType())] = new FlatCapture(written[..^values.Written.Length].ToArray(), variables);
    }

    /// <summary>Writes what the digest of a delegate is made of.</summary>
    /// <exception cref="EncodingException">A value can't be encoded.</exception>
    public void Write(EncodingWriter writer, Delegate function)
    {
        writer.WriteBytes(head);
        WriteValues(writer, function.Target!, variables);
    }

    private static void WriteValues(EncodingWriter writer, object closure, (FieldInfo Field, Codec Codec)[] variables)
    {
        foreach ((FieldInfo field, Codec codec) in variables)
        {
            writer.WriteVarint(CapturedDigest.New);
            codec.WriteBoxed(writer, field.GetValue(closure));
        }
    }
}
