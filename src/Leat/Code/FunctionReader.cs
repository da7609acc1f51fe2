using System.Reflection;
using System.Runtime.CompilerServices;
using Leat.Encoding;

namespace Leat.Code;

/// <summary>Reads what a <see cref="FunctionWriter"/> has written.</summary>
internal sealed class FunctionReader(EncodingReader reader) : IKnownObjects
{
    private readonly List<object> objects = [];

    /// <summary>Reads which objects are shared, the delegate, and what the shared objects hold.</summary>
    public Delegate ReadAll()
    {
        int shared = reader.ReadCount();
        for (int i = 0; i < shared; i++)
        {
            bool isClosure = reader.Read<byte>() != 0;
            Type type = TypeAddress.Read(reader);
            if (isClosure) ReadClosure(type);
            else objects.Add(ObjectFields.Create(type));
        }

        reader.Shared = this;
        Delegate function = Read();
        while (Known() is { } value) ReadFields(value, value.GetType());
        reader.Shared = null;
        return function;
    }

    object IKnownObjects.Read(EncodingReader reader) => Known() ?? throw reader.Damaged("an object is meant that was not written");

    private Delegate Read()
    {
        Type type = TypeAddress.Read(reader);
        var all = new Delegate[reader.ReadCount()];
        for (int i = 0; i < all.Length; i++) all[i] = ReadOne(type);
        return Delegate.Combine(all) ?? throw reader.Damaged("a delegate calls nothing");
    }

    private Delegate ReadOne(Type type)
    {
        MethodInfo method = ReadMethod();
        return Delegate.CreateDelegate(type, ReadTarget(), method);
    }

    private MethodInfo ReadMethod()
    {
        Type declaring = TypeAddress.ReadSameBuild(reader);
        int token = reader.Read<int>();
        var arguments = new Type[reader.ReadCount()];
        for (int i = 0; i < arguments.Length; i++) arguments[i] = TypeAddress.Read(reader);
        MethodBase definition = declaring.Module.ResolveMethod(token)!;
        var method = (MethodInfo)MethodBase.GetMethodFromHandle(definition.MethodHandle, declaring.TypeHandle)!;
        return arguments.Length == 0 ? method : method.MakeGenericMethod(arguments);
    }

    private object? ReadTarget()
    {
        var kind = (TargetKind)reader.Read<byte>();
        switch (kind)
        {
            case TargetKind.None:
                return null;
            case TargetKind.Singleton:
                return Closures.SingletonOf(TypeAddress.Read(reader))!.GetValue(null);
            case TargetKind.Closure:
                object closure = ReadClosure(TypeAddress.Read(reader));
                ReadVariables();
                return closure;
            case TargetKind.Object:
                return ReadObject();
            case TargetKind.Function:
                return ReadNested();
            default:
                throw reader.Damaged($"{(byte)kind} is no kind of target");
        }
    }

    private object? Known()
    {
        ulong number = reader.ReadVarint();
        return number == FunctionWriter.NewObject ? null
            : number <= (ulong)objects.Count ? objects[(int)number - 1]
            : throw reader.Damaged("an object is meant that was not written");
    }

    private object ReadClosure(Type type)
    {
        if (Known() is { } known) return known;
        object closure = RuntimeHelpers.GetUninitializedObject(type);
        objects.Add(closure);
        foreach (FieldInfo outer in Closures.Outer(type))
        {
            if (reader.Read<byte>() != 0) outer.SetValue(closure, ReadClosure(outer.FieldType));
        }
        return closure;
    }

    private void ReadVariables()
    {
        int count = reader.ReadCount();
        for (int i = 0; i < count; i++)
        {
            object closure = Known() ?? throw reader.Damaged("a variable is in no closure");
            string name = reader.ReadValue<string>();
            FieldInfo field = Closures.Field(closure.GetType(), name) ?? throw reader.Damaged($"there is no variable '{name}'");
            field.SetValue(closure, ReadVariable(field));
        }
    }

    private object? ReadVariable(FieldInfo field)
    {
        if (field.FieldType == typeof(SharedReference)) return new SharedReference(Known() ?? throw reader.Damaged("an object is meant that was not written"));
        bool isDelegate = typeof(Delegate).IsAssignableFrom(field.FieldType);
        if (!isDelegate && !Closures.IsThis(field)) return Codecs.For(field.FieldType).ReadBoxed(reader);
        return reader.Read<byte>() == 0 ? null : isDelegate ? ReadNested() : ReadObject();
    }

    private object ReadObject()
    {
        object? value = Known();
        Type type = value?.GetType() ?? TypeAddress.Read(reader);
        bool isByFields = reader.Read<byte>() != 0;
        if (value is null)
        {
            value = isByFields ? ObjectFields.Create(type) : Codecs.OfTag(type).ReadBoxed(reader)!;
            objects.Add(value);
        }
        if (isByFields) ReadFields(value, type);
        return value;
    }

    private void ReadFields(object value, Type type)
    {
        int count = reader.ReadCount();
        for (int i = 0; i < count; i++)
        {
            FieldInfo field = ObjectFields.Read(reader, type);
            field.SetValue(value, ReadVariable(field));
        }
    }

    private Delegate ReadNested()
    {
        Delegate? function = null;
        reader.Nesting.Enter();
        if (Nesting.HasStack()) function = Read();
        else Nesting.OnFreshStack(() => function = Read());
        reader.Nesting.Leave();
        return function!;
    }
}
