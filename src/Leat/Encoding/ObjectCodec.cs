using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace Leat.Encoding;

/// <summary>
/// An object by its fields: those of the base classes first, within a class by name. The code that goes through them is
/// made once for the type; it reads and writes private and read-only fields as the type itself does.
/// </summary>
internal sealed class ObjectCodec<T> : Codec<T>
{
    private readonly Codec[] codecs;
    private readonly WriteFields write;
    private readonly ReadFields read;

    public ObjectCodec(FieldInfo[] fields, Codec[] codecs)
    {
        this.codecs = codecs;
        Smallest = Math.Max(1, codecs.Sum(codec => codec.Smallest));
        write = FieldCode.CompileWrite<WriteFields>(typeof(T), fields, codecs);
        read = FieldCode.CompileRead<ReadFields>(typeof(T), fields, codecs);
    }

    private delegate void WriteFields(Codec[] codecs, EncodingWriter writer, ref T value);

    private delegate void ReadFields(Codec[] codecs, EncodingReader reader, ref T value);

    public override int Smallest { get; }

    public override void Write(EncodingWriter writer, T value)
    {
        if (codecs.Length == 0)
        {
            // Something, so that no number of elements takes no bytes.
            writer.Write((byte)0);
        }

        write(codecs, writer, ref value);
    }

    public override T Read(EncodingReader reader)
    {
        if (codecs.Length == 0 && reader.Read<byte>() != 0)
        {
            throw reader.Damaged("an object without fields has something in it");
        }

        T value = typeof(T).IsValueType ? default! : (T)RuntimeHelpers.GetUninitializedObject(typeof(T));
        read(codecs, reader, ref value);
        return value;
    }
}

/// <summary>Makes the code that goes through the fields of a type.</summary>
internal static class FieldCode
{
    private static readonly MethodInfo WriteBlock = typeof(EncodingWriter).GetMethod(nameof(EncodingWriter.Write))!;
    private static readonly MethodInfo ReadBlock = typeof(EncodingReader).GetMethod(nameof(EncodingReader.Read))!;

    public static TDelegate CompileWrite<TDelegate>(Type type, FieldInfo[] fields, Codec[] codecs)
        where TDelegate : Delegate
    {
        DynamicMethod method = Create("Write", typeof(EncodingWriter), type);
        ILGenerator code = method.GetILGenerator();
        for (int i = 0; i < fields.Length; i++)
        {
            // codecs[i].Write(writer, value.field), or writer.Write(value.field)
            Type field = fields[i].FieldType;
            if (!codecs[i].IsBlock)
            {
                LoadCodec(code, i);
            }

            code.Emit(OpCodes.Ldarg_1);
            LoadObject(code, type);
            code.Emit(OpCodes.Ldfld, fields[i]);
            code.Emit(OpCodes.Callvirt, codecs[i].IsBlock ? WriteBlock.MakeGenericMethod(field) : typeof(Codec<>).MakeGenericType(field).GetMethod(nameof(Codec<int>.Write))!);
        }

        code.Emit(OpCodes.Ret);
        return method.CreateDelegate<TDelegate>();
    }

    public static TDelegate CompileRead<TDelegate>(Type type, FieldInfo[] fields, Codec[] codecs)
        where TDelegate : Delegate
    {
        DynamicMethod method = Create("Read", typeof(EncodingReader), type);
        ILGenerator code = method.GetILGenerator();
        for (int i = 0; i < fields.Length; i++)
        {
            // value.field = codecs[i].Read(reader), or reader.Read()
            Type field = fields[i].FieldType;
            LoadObject(code, type);
            if (!codecs[i].IsBlock)
            {
                LoadCodec(code, i);
            }

            code.Emit(OpCodes.Ldarg_1);
            code.Emit(OpCodes.Callvirt, codecs[i].IsBlock ? ReadBlock.MakeGenericMethod(field) : typeof(Codec<>).MakeGenericType(field).GetMethod(nameof(Codec<int>.Read))!);
            code.Emit(OpCodes.Stfld, fields[i]);
        }

        code.Emit(OpCodes.Ret);
        return method.CreateDelegate<TDelegate>();
    }

    private static DynamicMethod Create(string name, Type stream, Type type) =>
        new($"{name} {type.Name}", typeof(void), [typeof(Codec[]), stream, type.MakeByRefType()], typeof(FieldCode).Module, skipVisibility: true);

    private static void LoadObject(ILGenerator code, Type type)
    {
        code.Emit(OpCodes.Ldarg_2);
        if (!type.IsValueType)
        {
            code.Emit(OpCodes.Ldind_Ref);
        }
    }

    // Not checked to be of its type: the array is made beside this code.
    private static void LoadCodec(ILGenerator code, int index)
    {
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Ldc_I4, index);
        code.Emit(OpCodes.Ldelem_Ref);
    }
}
