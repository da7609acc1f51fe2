using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using Leat.Encoding;

namespace Leat.Code;

/// <summary>Objects of the author's that a delegate belongs to, field by field: only what is read of one needs to travel.</summary>
internal static class ObjectFields
{
    private const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>The fields of an object that travel; null if it is encoded as a value, as those with a codec of their own are.</summary>
    /// <param name="type">The type of the object.</param>
    /// <param name="findUse">Finds out what is used of it.</param>
    public static ImmutableArray<FieldInfo>? ToSend(Type type, Func<ThisUse> findUse)
    {
        if (!type.IsClass || type.IsArray || Codecs.IsFramework(type.Assembly) || OwnCodecs.Of(type) is not null || DataTypes.ReasonAgainst(type) is not null) return null;
        ImmutableArray<FieldInfo>? read = findUse().Read;
        Type[] levels = [.. Levels(type)];
        // What .NET keeps in a base class of its own is nobody's to copy.
        if (read is null && Array.Exists(levels, level => Codecs.IsFramework(level.Assembly))) return null;
        IEnumerable<FieldInfo> fields = read ?? levels.SelectMany(level => level.GetFields(Declared));
        return [.. fields.Where(field => !field.IsDefined(typeof(NonSerializedAttribute), inherit: false)).OrderBy(field => field.Name, StringComparer.Ordinal)];
    }

    /// <summary>An object without content.</summary>
    [SuppressMessage("Usage", "CA1816", Justification = "A finalizer would find fields that its constructor never left so.")]
    public static object Create(Type type)
    {
        object value = RuntimeHelpers.GetUninitializedObject(type);
        GC.SuppressFinalize(value);
        return value;
    }

    /// <summary>Writes which field is meant: base classes may have others of its name.</summary>
    public static void Write(EncodingWriter writer, Type type, FieldInfo field)
    {
        writer.WriteVarint((ulong)Levels(type).TakeWhile(level => level != field.DeclaringType).Count());
        writer.WriteValue(field.Name);
    }

    public static FieldInfo Read(EncodingReader reader, Type type)
    {
        ulong level = reader.ReadVarint();
        string name = reader.ReadValue<string>();
        return Levels(type).ElementAtOrDefault((int)level)?.GetField(name, Declared) ?? throw reader.Damaged($"there is no field '{name}'");
    }

    public static ValuePath PathTo(Type type, FieldInfo field) =>
        new(TypeTag.Describe(type), $".{CodecBuilder.NameOf(field)}", TypeTag.Describe(field.FieldType));

    private static IEnumerable<Type> Levels(Type type)
    {
        for (Type? level = type; level is not null && level != typeof(object); level = level.BaseType) yield return level;
    }
}
