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
}

/// <summary>
/// Writes a delegate and those that it captured. Closures and objects that several of them share are written once, and
/// each variable when the first delegate that reads it is: so a lambda may capture itself.
/// </summary>
internal sealed class FunctionWriter(EncodingWriter writer)
{
    /// <summary>Ahead of an object that is written for the first time; others have a number from 1.</summary>
    public const ulong NewObject = 0;

    private readonly Dictionary<object, int> numbers = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<(object Closure, string Field)> written = [];

    public void Write(Delegate function)
    {
        Delegate[] all = function.GetInvocationList();
        foreach (Delegate each in all) DelegateCode.RefuseMadeAtRunTime(each.Method);
        TypeAddress.Write(writer, function.GetType());
        writer.WriteVarint((ulong)all.Length);
        foreach (Delegate each in all) WriteOne(each);
    }

    private void WriteOne(Delegate function)
    {
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
            WriteVariables(function, isOwn ? DelegateCode.Captured(function).Read : Closures.Variables(target.GetType()));
        }
        else
        {
            writer.Write((byte)TargetKind.Object);
            WriteObject(function, target);
        }
    }

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
            if (written.Add((closure, variable.Path[^1].Name))) fresh.Add((variable, closure));
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
            writer.Write((byte)(value is null ? 0 : 1));
            if (value is not null) WriteNested((Delegate)value);
        }
        else if (Closures.IsThis(field))
        {
            writer.Write((byte)(value is null ? 0 : 1));
            if (value is not null) WriteObject(function, value);
        }
        else
        {
            CapturedValue.Write(writer, Codecs.For, field.FieldType, value, refusal => CodeErrors.VariableStaysHere(FunctionTitle.Of(function.Method), variable.Name, refusal));
        }
    }

    // Of its exact type, whatever the type that the code around the delegate belongs to.
    private void WriteObject(Delegate function, object value)
    {
        if (!WriteNumber(value)) return;
        TypeAddress.Write(writer, value.GetType());
        CapturedValue.Write(writer, Codecs.OfTag, value.GetType(), value, refusal => CodeErrors.ObjectStaysHere(
            FunctionTitle.Of(function.Method), FunctionTitle.RoleOfObject(function), refusal));
    }

    private void WriteNested(Delegate function)
    {
        writer.Nesting.Enter();
        if (Nesting.HasStack()) Write(function);
        else Nesting.OnFreshStack(() => Write(function));
        writer.Nesting.Leave();
    }
}
