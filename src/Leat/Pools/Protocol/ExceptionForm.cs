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
    private const int Deepest = 50;
    private const int MostExceptions = 500;
    private const int LongestText = 64 * 1024;
    private const BindingFlags OwnFields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    // What some exceptions of the framework's hold.
    private static readonly Type[] MeansNothingElsewhere = [typeof(nint), typeof(nuint), typeof(CancellationToken)];

    private enum FieldKind : byte
    {
        Value,
        Exception,
        Exceptions,
    }

    private enum FormKind : byte
    {
        // One that was written before, by its number.
        Again,

        // All of it.
        Whole,

        // Its text and its inner exception.
        Text,
    }

    public static void Write(EncodingWriter writer, Exception error) =>
        Write(writer, error, new Dictionary<Exception, int>(ReferenceEqualityComparer.Instance), 0);

    /// <summary>Reads an exception; it can be thrown, and then shows both stack traces.</summary>
    public static Exception Read(EncodingReader reader) => Read(reader, []) ?? PoolErrors.Remote("Exception", "", "", null);

    private static void Write(EncodingWriter writer, Exception error, Dictionary<Exception, int> written, int depth)
    {
        if (written.TryGetValue(error, out int number))
        {
            writer.Write((byte)FormKind.Again);
            writer.WriteVarint((ulong)number);
            return;
        }

        written.Add(error, written.Count);
        Type type = error.GetType();
        int kind = writer.Count;
        writer.Write((byte)FormKind.Whole);
        writer.WriteValue(type.FullName ?? type.Name);
        writer.WriteValue(type.Assembly.GetName().Name ?? "");
        writer.WriteValue(Try(() => MessageOf(error) ?? error.Message));
        writer.WriteValue(TextOf(error, type, depth));
        writer.WriteValue(Try(() => error.StackTrace));
        writer.Write(error.HResult);
        writer.WriteValue(DataOf(error));
        bool hasInner = error.InnerException is not null && depth < Deepest && written.Count < MostExceptions;
        writer.Write((byte)(hasInner ? 1 : 0));
        if (hasInner)
        {
            Write(writer, error.InnerException!, written, depth + 1);
        }

        int fields = writer.OpenLength();
        int known = written.Count;
        try
        {
            WriteFields(writer, error, type, written, depth);
        }
        catch (Exception)
        {
            // Whatever can't be encoded: its text, which is written already, says it.
            foreach (Exception forgotten in written.Where(each => each.Value >= known).Select(each => each.Key).ToArray())
            {
                written.Remove(forgotten);
            }

            writer.Rewind(fields);
            writer.Replace(kind, (byte)FormKind.Text);
        }

        writer.CloseLength(fields);
    }

    private static void WriteFields(EncodingWriter writer, Exception error, Type type, Dictionary<Exception, int> written, int depth)
    {
        (FieldInfo Field, object? Value)[] fields = [.. FieldsOf(type).Select(field => (field, field.GetValue(error))).Where(each => each.Item2 is not null)];
        if (type.IsGenericType || depth >= Deepest || written.Count >= MostExceptions)
        {
            throw new NotSupportedException("A generic type is not found by its name; and somewhere there must be an end.");
        }

        writer.WriteVarint((ulong)fields.Length);
        foreach ((FieldInfo field, object? value) in fields)
        {
            switch (value)
            {
                case Exception one:
                    Begin(FieldKind.Exception, field);
                    Write(writer, one, written, depth + 1);
                    break;
                case Exception[] several:
                    Begin(FieldKind.Exceptions, field);
                    writer.WriteVarint((ulong)several.Length);
                    foreach (Exception each in several)
                    {
                        Write(writer, each, written, depth + 1);
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

    // Null for one that is part of itself, and is not there yet.
    private static Exception? Read(EncodingReader reader, List<Exception?> read)
    {
        var kind = (FormKind)reader.Read<byte>();
        if (kind == FormKind.Again)
        {
            int again = checked((int)reader.ReadVarint());
            return again < read.Count ? read[again] : throw reader.Damaged("an exception is meant that was not written");
        }

        int number = read.Count;
        read.Add(null);
        string typeName = reader.ReadValue<string>();
        string assembly = reader.ReadValue<string>();
        string? message = reader.ReadValue<string?>();
        string text = reader.ReadValue<string>();
        string? stack = reader.ReadValue<string?>();
        int hresult = reader.Read<int>();
        Dictionary<string, string> data = reader.ReadValue<Dictionary<string, string>>();
        Exception? inner = reader.Read<byte>() == 0 ? null : Read(reader, read);
        int length = reader.Read<int>();
        int end = reader.Position + length;
        Exception? error = kind == FormKind.Whole ? TryMake(typeName, assembly, reader, read) : null;
        reader.MoveTo(end);
        if (error is null)
        {
            error = PoolErrors.Remote(typeName, message ?? "", text, inner);
            read[number] = error;
            return error;
        }

        read[number] = error;
        MessageOf(error) = message;
        InnerOf(error) ??= inner;
        error.HResult = hresult;
        try
        {
            foreach ((string key, string value) in data)
            {
                error.Data[key] = value;
            }
        }
        catch (Exception)
        {
            // An override of the author's, which takes no more.
        }

        return stack is null ? error : ExceptionDispatchInfo.SetRemoteStackTrace(error, stack);
    }

    private static Exception? TryMake(string typeName, string assembly, EncodingReader reader, List<Exception?> read)
    {
        try
        {
            Type? type = Assembly.Load(assembly).GetType(typeName);
            if (type is null || !type.IsAssignableTo(typeof(Exception)) || type.IsAbstract)
            {
                return null;
            }

            var error = (Exception)RuntimeHelpers.GetUninitializedObject(type);
            ReadFields(reader, error, type, read);
            return error;
        }
        catch (Exception)
        {
            // An assembly that is not there, a field that is another: the caller has the text.
            return null;
        }
    }

    private static void ReadFields(EncodingReader reader, Exception error, Type type, List<Exception?> read)
    {
        var fields = FieldsOf(type).ToDictionary(field => (field.DeclaringType!.FullName!, field.Name));
        for (int left = reader.ReadCount(); left > 0; left--)
        {
            var kind = (FieldKind)reader.Read<byte>();
            string declaring = reader.ReadValue<string>();
            FieldInfo field = fields[(declaring, reader.ReadValue<string>())];
            field.SetValue(error, kind switch
            {
                FieldKind.Exception => Read(reader, read),
                FieldKind.Exceptions => ReadAll(reader, read),
                _ => Codecs.For(field.FieldType).ReadBoxed(reader),
            });
        }
    }

    private static Exception[] ReadAll(EncodingReader reader, List<Exception?> read)
    {
        var all = new Exception[reader.ReadCount()];
        for (int i = 0; i < all.Length; i++)
        {
            all[i] = Read(reader, read) ?? PoolErrors.Remote("Exception", "", "", null);
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
        try
        {
            foreach (DictionaryEntry entry in error.Data)
            {
                if (entry.Key is string key && Try(() => entry.Value?.ToString()) is { } value)
                {
                    data[key] = value;
                }
            }
        }
        catch (Exception)
        {
            // An override of the author's: what was read so far is what there is.
        }

        return data;
    }

    // That of the outermost has those of all others in it.
    private static string TextOf(Exception error, Type type, int depth)
    {
        string text = (depth == 0 ? Try(error.ToString) : $"{type}: {Try(() => error.Message)}\n{Try(() => error.StackTrace)}") ?? type.Name;
        return text.Length <= LongestText ? text : $"{text[..LongestText]}…";
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
