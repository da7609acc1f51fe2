using System.Reflection;
using Leat.Encoding;

namespace Leat.Code;

/// <summary>
/// Writes what a delegate does and has captured, for a digest: code by fingerprints, captured values in the order in which
/// the code uses them. Nothing in it is of this build or of this process, so that the digest is the same after a rebuild
/// that leaves the code as it was.
/// </summary>
/// <remarks>
/// Variables and fields that several delegates read, and objects, are written once and have a number from then on: so a
/// lambda may capture itself. Which closure holds a variable does not count, because other lambdas have a say in that.
/// </remarks>
internal sealed class CapturedDigest
{
    private const byte Version = 1;

    /// <summary>What is written ahead of a variable that comes for the first time; others have a number.</summary>
    public const ulong New = 0;

    private const int LargestKept = 16 * 1024;

    // Graphs have very many delegates: what one digest needed serves the next.
    [ThreadStatic]
    private static CapturedDigest? spare;

    private readonly EncodingWriter writer = new();
    private readonly Dictionary<object, int> objects = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<object> whole = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<object, int> holders = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<(int Holder, FieldInfo Field), int> places = [];

    // What the target of a delegate is; a lambda without captured variables and a static method are the same.
    private enum Kind : byte
    {
        Nothing,
        Closure,
        Function,
        Object,
    }

    /// <summary>True for a delegate that has captured something, so that its digest may be another one at the next call.</summary>
    public static bool HasState(Delegate function) =>
        !function.HasSingleTarget || (function.Target is { } target && (Closures.IsClosure(target.GetType()) || Closures.SingletonOf(target.GetType()) is null));

    /// <summary>The digest of a delegate, as things are.</summary>
    /// <param name="function">The delegate.</param>
    /// <param name="context">For the codecs of captured values; see <see cref="EncodingWriter.Context"/>.</param>
    /// <exception cref="LeatException">
    /// Its code can't be read, it writes to what it has captured, or that can't be encoded; the message names it.
    /// </exception>
    public static Digest Of(Delegate function, object? context)
    {
        FlatCapture? flat = FlatCapture.Find(function);
        // Codecs of the author's may ask for a digest meanwhile.
        CapturedDigest captured = spare ?? new CapturedDigest();
        spare = null;
        if (flat is null || !captured.TryWrite(flat, function, context)) captured.WriteWhole(function, context);
        if (flat is null) FlatCapture.Learn(function, captured.writer.Written, context);
        Digest digest = Digest.Of(captured.writer.Written);
        captured.Clear();
        spare = captured;
        return digest;
    }

    /// <summary>The same digest without <see cref="FlatCapture"/>.</summary>
    public static Digest OfWhole(Delegate function, object? context)
    {
        var captured = new CapturedDigest();
        captured.WriteWhole(function, context);
        return Digest.Of(captured.writer.Written);
    }

    private void WriteWhole(Delegate function, object? context)
    {
        writer.Context = context;
        writer.Write(Version);
        Write(function);
    }

    // False for a value that is refused: on the long way it is told whose it is.
    private bool TryWrite(FlatCapture flat, Delegate function, object? context)
    {
        try
        {
            writer.Context = context;
            flat.Write(writer, function);
            return true;
        }
        catch (Exception error) when (error is EncodingException or CulpritException)
        {
            Clear();
            return false;
        }
    }

    private void Clear()
    {
        writer.Clear(LargestKept);
        objects.Clear();
        whole.Clear();
        holders.Clear();
        places.Clear();
    }

    private void Write(Delegate function)
    {
        while (function.HasSingleTarget && function.Target is IStandsFor other) function = other.Function;
        if (function.HasSingleTarget)
        {
            writer.WriteVarint(1);
            WriteOne(function);
            return;
        }
        Delegate[] all = function.GetInvocationList();
        writer.WriteVarint((ulong)all.Length);
        foreach (Delegate each in all) WriteOne(each);
    }

    private void WriteOne(Delegate function)
    {
        object? target = function.Target;
        if (target is IStandsFor other)
        {
            // One of several.
            WriteNested(other.Function);
            return;
        }
        writer.Write(DelegateCode.FingerprintOf(function.Method));
        writer.WriteValue(CapturePlan.Variance(function));
        if (target is null || Closures.SingletonOf(target.GetType()) is not null)
        {
            writer.Write(Kind.Nothing);
        }
        else if (Closures.IsClosure(target.GetType()))
        {
            writer.Write(Kind.Closure);
            WriteVariables(function, target);
        }
        else if (target is Delegate called)
        {
            writer.Write(Kind.Function);
            WriteNested(called);
        }
        else
        {
            writer.Write(Kind.Object);
            WriteObject(function, target);
        }
    }

    private void WriteVariables(Delegate function, object target)
    {
        CapturePlan plan = CapturePlan.OfClosure(function);
        Refuse(function, plan);
        writer.WriteVarint((ulong)plan.Variables.Length);
        foreach (CapturedVariable variable in plan.Variables)
        {
            object holder = Closures.HolderOf(variable, target);
            FieldInfo field = variable.Path[^1];
            if (!IsNew(holder, field)) continue;
            object? value = field.GetValue(holder);
            if (Closures.IsThis(field)) WriteNullable(value, captured => WriteObject(function, captured));
            else WriteValue(field.FieldType, value, refusal => CodeErrors.VariableInKey(FunctionTitle.Of(function.Method), variable.Name, refusal));
        }
    }

    private void WriteObject(Delegate function, object value)
    {
        Type type = value.GetType();
        CapturePlan plan = CapturePlan.OfObject(function.Method, type);
        Refuse(function, plan);
        bool isNew = objects.TryAdd(value, objects.Count + 1);
        writer.WriteVarint(isNew ? New : (ulong)objects[value]);
        if (isNew) writer.WriteValue(TypeTag.Of(type));
        if (plan.Fields is not { } fields)
        {
            writer.Write((byte)0);
            if (whole.Add(value)) CapturedValue.Write(writer, Codecs.OfTag, type, value, refusal => Refused(function, refusal));
            return;
        }
        writer.Write((byte)1);
        writer.WriteVarint((ulong)fields.Length);
        foreach (LabelledField each in fields)
        {
            writer.WriteValue(each.Label);
            if (!IsNew(value, each.Field)) continue;
            WriteValue(each.Field.FieldType, each.Field.GetValue(value), refusal => Refused(
                function, refusal with { Path = ObjectFields.PathTo(type, each.Field).Then(refusal.Path) }));
        }
    }

    private bool IsNew(object holder, FieldInfo field)
    {
        holders.TryAdd(holder, holders.Count);
        (int Holder, FieldInfo Field) place = (holders[holder], field);
        bool isNew = places.TryAdd(place, places.Count + 1);
        writer.WriteVarint(isNew ? New : (ulong)places[place]);
        return isNew;
    }

    private void WriteValue(Type type, object? value, Func<Refusal, LeatException> explain)
    {
        if (typeof(Delegate).IsAssignableFrom(type)) WriteNullable(value, some => WriteNested((Delegate)some));
        else CapturedValue.Write(writer, Codecs.For, type, value, explain);
    }

    private void WriteNullable(object? value, Action<object> write)
    {
        writer.Write((byte)(value is null ? 0 : 1));
        if (value is not null) write(value);
    }

    private void WriteNested(Delegate function)
    {
        writer.Nesting.Enter();
        if (Nesting.HasStack()) Write(function);
        else Nesting.OnFreshStack(() => Write(function));
        writer.Nesting.Leave();
    }

    private static void Refuse(Delegate function, CapturePlan plan)
    {
        if (plan.Written is { } written) throw CodeErrors.WritesCapturedOfKey(FunctionTitle.Of(function.Method), written);
    }

    private static LeatException Refused(Delegate function, Refusal refusal) =>
        CodeErrors.ObjectInKey(FunctionTitle.Of(function.Method), FunctionTitle.RoleOfObject(function), refusal);
}
