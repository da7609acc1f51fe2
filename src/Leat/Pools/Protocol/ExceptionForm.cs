using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Leat.Encoding;

namespace Leat.Pools;

/// <summary>
/// Exceptions as bytes: the type, the message, the stack trace, the inner exceptions and the fields of derived types. One of
/// which a part can't be encoded, or whose type the other side lacks, arrives as a <see cref="RemoteException"/> with all of its text.
/// </summary>
internal static class ExceptionForm
{
    private const int DeepestInner = 100;
    private const BindingFlags OwnFields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    // What some exceptions of the framework's hold.
    private static readonly Type[] MeansNothingElsewhere = [typeof(nint), typeof(nuint), typeof(CancellationToken)];

    private enum FieldKind : byte
    {
        Value,
        Exception,
        Exceptions,
    }

    public static void Write(EncodingWriter writer, Exception error) => Write(writer, error, 0);

    /// <summary>Reads an exception; it can be thrown, and then shows both stack traces.</summary>
    public static Exception Read(EncodingReader reader)
    {
        string typeName = reader.ReadValue<string>();
        string assembly = reader.ReadValue<string>();
        string? message = reader.ReadValue<string?>();
        string text = reader.ReadValue<string>();
        string? stack = reader.ReadValue<string?>();
        int hresult = reader.Read<int>();
        Dictionary<string, string> data = reader.ReadValue<Dictionary<string, string>>();
        Exception? inner = reader.Read<byte>() == 0 ? null : Read(reader);
        bool isWhole = reader.Read<byte>() != 0;
        int length = reader.Read<int>();
        int end = reader.Position + length;
        Exception? error = isWhole ? TryMake(typeName, assembly, reader) : null;
        reader.MoveTo(end);
        if (error is null)
        {
            return PoolErrors.Remote(typeName, message ?? "", text, inner);
        }

        MessageOf(error) = message;
        InnerOf(error) ??= inner;
        error.HResult = hresult;
        foreach ((string key, string value) in data)
        {
            error.Data[key] = value;
        }

        return stack is null ? error : ExceptionDispatchInfo.SetRemoteStackTrace(error, stack);
    }

    private static void Write(EncodingWriter writer, Exception error, int depth)
    {
        Type type = error.GetType();
        writer.WriteValue(type.FullName ?? type.Name);
        writer.WriteValue(type.Assembly.GetName().Name ?? "");
        writer.WriteValue(Try(() => MessageOf(error) ?? error.Message));
        writer.WriteValue(Try(error.ToString) ?? type.Name);
        writer.WriteValue(Try(() => error.StackTrace));
        writer.Write(error.HResult);
        writer.WriteValue(DataOf(error));
        bool hasInner = error.InnerException is not null && depth < DeepestInner;
        writer.Write((byte)(hasInner ? 1 : 0));
        if (hasInner)
        {
            Write(writer, error.InnerException!, depth + 1);
        }

        int start = writer.Count;
        writer.Write((byte)1);
        int fields = writer.OpenLength();
        try
        {
            WriteFields(writer, error, type, depth);
        }
        catch (Exception)
        {
            // Whatever can't be encoded: its text, which is written already, says it.
            writer.Rewind(start);
            writer.Write((byte)0);
            fields = writer.OpenLength();
        }

        writer.CloseLength(fields);
    }

    private static void WriteFields(EncodingWriter writer, Exception error, Type type, int depth)
    {
        if (type.IsGenericType)
        {
            throw new NotSupportedException("The name of a generic type is not enough to find it by.");
        }

        (FieldInfo Field, object? Value)[] fields = [.. FieldsOf(type).Select(field => (field, field.GetValue(error))).Where(each => each.Item2 is not null)];
        writer.WriteVarint((ulong)fields.Length);
        foreach ((FieldInfo field, object? value) in fields)
        {
            switch (value)
            {
                case Exception one:
                    Begin(FieldKind.Exception, field);
                    Write(writer, one, depth + 1);
                    break;
                case Exception[] several:
                    Begin(FieldKind.Exceptions, field);
                    writer.WriteVarint((ulong)several.Length);
                    foreach (Exception each in several)
                    {
                        Write(writer, each, depth + 1);
                    }

                    break;
                default:
                    Begin(FieldKind.Value, field);
                    Codecs.For(field.FieldType).WriteBoxed(writer, value);
                    break;
            }
        }

        void Begin(FieldKind kind, FieldInfo field)
        {
            writer.Write((byte)kind);
            writer.WriteValue(field.DeclaringType!.FullName!);
            writer.WriteValue(field.Name);
        }
    }

    private static Exception? TryMake(string typeName, string assembly, EncodingReader reader)
    {
        try
        {
            Type? type = Assembly.Load(assembly).GetType(typeName);
            if (type is null || !type.IsAssignableTo(typeof(Exception)) || type.IsAbstract)
            {
                return null;
            }

            var error = (Exception)RuntimeHelpers.GetUninitializedObject(type);
            ReadFields(reader, error, type);
            return error;
        }
        catch (Exception)
        {
            // An assembly that is not there, a field that is another: the caller has the text.
            return null;
        }
    }

    private static void ReadFields(EncodingReader reader, Exception error, Type type)
    {
        var fields = FieldsOf(type).ToDictionary(field => (field.DeclaringType!.FullName!, field.Name));
        for (int left = reader.ReadCount(); left > 0; left--)
        {
            var kind = (FieldKind)reader.Read<byte>();
            string declaring = reader.ReadValue<string>();
            FieldInfo field = fields[(declaring, reader.ReadValue<string>())];
            field.SetValue(error, kind switch
            {
                FieldKind.Exception => Read(reader),
                FieldKind.Exceptions => ReadAll(reader),
                _ => Codecs.For(field.FieldType).ReadBoxed(reader),
            });
        }
    }

    private static Exception[] ReadAll(EncodingReader reader)
    {
        var all = new Exception[reader.ReadCount()];
        for (int i = 0; i < all.Length; i++)
        {
            all[i] = Read(reader);
        }

        return all;
    }

    // Those of derived types alone: what every exception has travels by name.
    private static IEnumerable<FieldInfo> FieldsOf(Type type)
    {
        for (Type level = type; level != typeof(Exception) && level != typeof(object); level = level.BaseType!)
        {
            foreach (FieldInfo field in level.GetFields(OwnFields).Where(field => !MeansNothingElsewhere.Contains(field.FieldType)))
            {
                yield return field;
            }
        }
    }

    private static Dictionary<string, string> DataOf(Exception error)
    {
        Dictionary<string, string> data = [];
        foreach (DictionaryEntry entry in error.Data)
        {
            if (entry.Key is string key && Try(() => entry.Value?.ToString()) is { } value)
            {
                data[key] = value;
            }
        }

        return data;
    }

    // The author's own overrides may throw in their turn.
    private static string? Try(Func<string?> text)
    {
        try
        {
            return text();
        }
        catch (Exception error)
        {
            return $"({error.GetType().Name} while asked for it)";
        }
    }

    // There is no public way to set these two of an object whose constructor is unknown. Their names are those of
    // the serialized form of exceptions, and as old as .NET.
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_message")]
    private static extern ref string? MessageOf(Exception error);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_innerException")]
    private static extern ref Exception? InnerOf(Exception error);
}
