using System.Collections.Immutable;
using System.Reflection;
using Leat.Encoding;

namespace Leat.Code;

/// <summary>What the target of a delegate is.</summary>
internal enum TargetKind : byte
{
    /// <summary>Nothing: the method is static, or takes its object as an argument.</summary>
    None,

    /// <summary>The one object that holds the lambdas which capture nothing.</summary>
    Singleton,

    /// <summary>An object that holds captured variables.</summary>
    Closure,

    /// <summary>An object of the author's: <c>this</c>, or what a method was taken of.</summary>
    Object,

    /// <summary>Another delegate, of which <c>Invoke</c> was taken.</summary>
    Function,
}

/// <summary>
/// Writes a delegate and those that it captured. Closures and objects that several of them share are written once, and
/// each variable when the first delegate that reads it is: so a lambda may capture itself.
/// </summary>
internal sealed class FunctionWriter(EncodingWriter writer) : ISharedObjects
{
    /// <summary>Ahead of an object that is written for the first time; others have a number from 1.</summary>
    public const ulong NewObject = 0;

    private readonly Dictionary<object, int> numbers = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<(int Holder, FieldInfo Field)> written = [];

    // Objects that stay the same ones, and those of them that a value refers to, which then travel with all that they hold.
    private readonly HashSet<object> shared = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<object> whole = new(ReferenceEqualityComparer.Instance);
    private readonly Queue<(object Value, Delegate Function)> wanted = [];
    private Delegate? current;

    /// <summary>Writes which objects are shared, the delegate, and what the shared objects hold.</summary>
    public void WriteAll(Delegate function, IReadOnlyCollection<object> shared)
    {
        object[] all = [.. shared.Distinct(ReferenceEqualityComparer.Instance).Where(value => Closures.IsClosure(value.GetType()) || AllFieldsOf(value.GetType()) is not null)];
        writer.WriteVarint((ulong)all.Length);
        foreach (object value in all) WriteShared(value);
        writer.Shared = all.Length > 0 ? this : null;
        try
        {
            Write(function);
            while (wanted.TryDequeue(out (object Value, Delegate Function) next))
            {
                writer.WriteVarint((ulong)numbers[next.Value]);
                WriteFields(next.Function, next.Value, AllFieldsOf(next.Value.GetType())!.Value);
            }
        }
        finally
        {
            writer.Shared = null;
        }

        writer.WriteVarint(0);
    }

    bool ISharedObjects.TryWrite(EncodingWriter writer, object value)
    {
        if (!shared.Contains(value)) return false;
        writer.WriteVarint(TagTable.Shared);
        writer.WriteVarint((ulong)numbers[value]);
        if (whole.Add(value)) wanted.Enqueue((value, current!));
        return true;
    }

    private void Write(Delegate function)
    {
        Delegate[] all = function.GetInvocationList();
        foreach (Delegate each in all) DelegateCode.RefuseMadeAtRunTime(each.Method);
        TypeAddress.Write(writer, function.GetType());
        writer.WriteVarint((ulong)all.Length);
        foreach (Delegate each in all) WriteOne(each);
    }

    private void WriteOne(Delegate function)
    {
        current = function;
        MethodInfo method = function.Method;
        TypeAddress.Write(writer, method.DeclaringType!);
        writer.Write(method.MetadataToken);
        Type[] arguments = method.GetGenericArguments();
        writer.WriteVarint((ulong)arguments.Length);
        foreach (Type argument in arguments) TypeAddress.Write(writer, argument);

        bool isOwn = DelegateCode.IsOwn(method);
        if (isOwn) DelegateCode.RefuseWrites(function);
        object? target = function.Target;
        if (target is null)
        {
            writer.Write((byte)TargetKind.None);
        }
        else if (Closures.SingletonOf(target.GetType()) is not null)
        {
            writer.Write((byte)TargetKind.Singleton);
            TypeAddress.Write(writer, target.GetType());
        }
        else if (Closures.IsClosure(target.GetType()))
        {
            writer.Write((byte)TargetKind.Closure);
            TypeAddress.Write(writer, target.GetType());
            WriteClosure(target);
            WriteVariables(function, DelegateCode.Variables(function));
        }
        else if (target is Delegate called)
        {
            writer.Write((byte)TargetKind.Function);
            WriteNested(called);
        }
        else
        {
            writer.Write((byte)TargetKind.Object);
            WriteObject(function, target);
        }
    }

    private void WriteShared(object value)
    {
        bool isClosure = Closures.IsClosure(value.GetType());
        writer.Write((byte)(isClosure ? 1 : 0));
        TypeAddress.Write(writer, value.GetType());
        if (isClosure)
        {
            WriteClosure(value);
            return;
        }

        // By its fields only, or it could not be there before them.
        shared.Add(value);
        numbers.Add(value, numbers.Count + 1);
    }

    private static ImmutableArray<FieldInfo>? AllFieldsOf(Type type) => ObjectFields.ToSend(type, static () => ThisUse.Anything);

    private bool WriteNumber(object value)
    {
        bool isNew = numbers.TryAdd(value, numbers.Count + 1);
        writer.WriteVarint(isNew ? NewObject : (ulong)numbers[value]);
        return isNew;
    }

    // All closures of the scopes around it with it, also those without a variable that is read: the code passes them on.
    private void WriteClosure(object closure)
    {
        if (!WriteNumber(closure)) return;
        foreach (FieldInfo outer in Closures.Outer(closure.GetType()))
        {
            object? next = outer.GetValue(closure);
            writer.Write((byte)(next is null ? 0 : 1));
            if (next is not null) WriteClosure(next);
        }
    }

    private void WriteVariables(Delegate function, IEnumerable<CapturedVariable> variables)
    {
        List<(CapturedVariable Variable, object Closure)> fresh = [];
        foreach (CapturedVariable variable in variables)
        {
            object closure = Closures.HolderOf(variable, function.Target!);
            if (written.Add((numbers[closure], variable.Path[^1]))) fresh.Add((variable, closure));
        }
        writer.WriteVarint((ulong)fresh.Count);
        foreach ((CapturedVariable variable, object closure) in fresh)
        {
            FieldInfo field = variable.Path[^1];
            writer.WriteVarint((ulong)numbers[closure]);
            writer.WriteValue(field.Name);
            WriteVariable(function, variable, field, field.GetValue(closure));
        }
    }

    private void WriteVariable(Delegate function, CapturedVariable variable, FieldInfo field, object? value)
    {
        if (typeof(Delegate).IsAssignableFrom(field.FieldType))
        {
            WriteNullable(value as Delegate, WriteNested);
        }
        else if (field.FieldType == typeof(SharedReference))
        {
            writer.WriteVarint((ulong)numbers[((SharedReference)value!).Target]);
        }
        else if (Closures.IsThis(field))
        {
            WriteNullable(value, captured => WriteObject(function, captured));
        }
        else
        {
            CapturedValue.Write(writer, Codecs.For, field.FieldType, value, refusal => CodeErrors.VariableStaysHere(FunctionTitle.Of(function.Method), variable.Name, refusal));
        }
    }

    private void WriteObject(Delegate function, object value)
    {
        bool isNew = WriteNumber(value);
        Type type = value.GetType();
        if (isNew) TypeAddress.Write(writer, type);
        ImmutableArray<FieldInfo>? fields = ObjectFields.ToSend(type, () => DelegateCode.UseOfThis(function.Method, type));
        writer.Write((byte)(fields is null ? 0 : 1));
        if (fields is { } some)
        {
            WriteFields(function, value, some);
        }
        else if (isNew)
        {
            CapturedValue.Write(writer, Codecs.OfTag, type, value, refusal => Refused(function, refusal));
        }
    }

    private void WriteFields(Delegate function, object value, ImmutableArray<FieldInfo> fields)
    {
        Type type = value.GetType();
        FieldInfo[] fresh = [.. fields.Where(field => written.Add((numbers[value], field)))];
        writer.WriteVarint((ulong)fresh.Length);
        foreach (FieldInfo field in fresh)
        {
            ObjectFields.Write(writer, type, field);
            object? part = field.GetValue(value);
            if (typeof(Delegate).IsAssignableFrom(field.FieldType))
            {
                WriteNullable(part as Delegate, WriteNested);
            }
            else
            {
                CapturedValue.Write(writer, Codecs.For, field.FieldType, part, refusal => Refused(
                    function, refusal with { Path = ObjectFields.PathTo(type, field).Then(refusal.Path) }));
            }
        }
    }

    private void WriteNullable<T>(T? value, Action<T> write)
        where T : class
    {
        writer.Write((byte)(value is null ? 0 : 1));
        if (value is not null) write(value);
    }

    private static LeatException Refused(Delegate function, Refusal refusal) =>
        CodeErrors.ObjectStaysHere(FunctionTitle.Of(function.Method), FunctionTitle.RoleOfObject(function), refusal);

    private void WriteNested(Delegate function)
    {
        writer.Nesting.Enter();
        if (Nesting.HasStack()) Write(function);
        else Nesting.OnFreshStack(() => Write(function));
        writer.Nesting.Leave();
    }
}
