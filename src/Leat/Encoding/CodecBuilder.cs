using System.Collections.Concurrent;
using System.Reflection;

namespace Leat.Encoding;

/// <summary>Builds the codec of a type and of all types in it.</summary>
/// <param name="built">Those that are there already.</param>
internal sealed class CodecBuilder(ConcurrentDictionary<Type, Codec> built)
{
    private readonly Dictionary<Type, Codec> fresh = [];
    private readonly Dictionary<Type, Codec> late = [];
    private readonly List<(string Member, Type Type)> path = [];
    private Type? root;

    /// <summary>Makes what was built known to all.</summary>
    public void Publish()
    {
        foreach ((Type type, Codec codec) in fresh)
        {
            built.TryAdd(type, codec);
        }
    }

    /// <summary>The codec of a static type.</summary>
    public Codec Build(Type type)
    {
        root ??= type;
        if (built.TryGetValue(type, out Codec? codec) || fresh.TryGetValue(type, out codec))
        {
            return codec;
        }

        if (late.TryGetValue(type, out Codec? known))
        {
            return known;
        }

        if (DataTypes.IsBasic(type))
        {
            OwnCodecs.Check();
            codec = DataTypes.SimpleOf(type) ?? new NullableCodec<string>(new StringCodec());
            fresh.Add(type, codec);
            return codec;
        }

        Codec standIn = Make(typeof(LateCodec<>), [type]);
        late.Add(type, standIn);
        codec = type.IsValueType ? BuildExact(type) : BuildReference(type);
        standIn.GetType().GetProperty(nameof(LateCodec<int>.Real))!.SetValue(standIn, codec);
        late.Remove(type);
        fresh.Add(type, codec);
        return codec;
    }

    /// <summary>The codec of values of exactly a type, none of them null.</summary>
    public Codec BuildExact(Type type)
    {
        root ??= type;
        if (!DataTypes.IsBasic(type) && OwnCodecs.Of(type) is { } own)
        {
            return Make(typeof(CustomCodec<>), [type], own);
        }

        CheckIsData(type);

        if (DataTypes.SimpleOf(type) is { } simple || DataTypes.SimpleClasses.TryGetValue(type, out simple))
        {
            return simple;
        }

        if (type.IsEnum)
        {
            return Make(typeof(BlockCodec<>), [type]);
        }

        if (type.IsArray)
        {
            Type element = type.GetElementType()!;
            Codec each = BuildInside("[]", element);
            return type.IsSZArray ? Make(typeof(ArrayCodec<>), [element], each) : Make(typeof(GridCodec<,>), [type, element], each);
        }

        return type.IsGenericType && BuildGeneric(type, type.GetGenericTypeDefinition(), type.GetGenericArguments()) is { } generic
            ? generic
            : BuildObject(type);
    }

    private Codec BuildReference(Type type)
    {
        // All objects of the type, whatever they are derived from it as: a codec of the author's for an abstract type, and
        // classes of .NET with derived ones that nobody sees.
        if (DataTypes.SimpleClasses.ContainsKey(type) || (type.IsAbstract && OwnCodecs.Of(type) is not null))
        {
            return Make(typeof(NullableCodec<>), [type], BuildExact(type));
        }

        if (!type.IsAbstract && type != typeof(object))
        {
            return Make(typeof(ReferenceCodec<>), [type], BuildExact(type), true);
        }

        CheckIsData(type);
        return Make(typeof(ReferenceCodec<>), [type], null, true);
    }

    private Codec? BuildGeneric(Type type, Type definition, Type[] arguments)
    {
        if (definition == typeof(Nullable<>))
        {
            return Make(typeof(NullableStructCodec<>), arguments, BuildInside("", arguments[0]));
        }

        if (definition == typeof(List<>))
        {
            return Make(typeof(ListCodec<>), arguments, BuildInside("[]", arguments[0]));
        }

        if (definition == typeof(ReadOnlyMemory<>))
        {
            return Make(typeof(ReadOnlyMemoryCodec<>), arguments, BuildInside("[]", arguments[0]));
        }

        if (definition == typeof(Dictionary<,>))
        {
            return Make(typeof(DictionaryCodec<,>), arguments, BuildInside(".Keys[]", arguments[0]), BuildInside(".Values[]", arguments[1]));
        }

        if (definition == typeof(HashSet<>))
        {
            return Make(typeof(SetCodec<>), arguments, BuildInside("[]", arguments[0]));
        }

        if (!DataTypes.Views.TryGetValue(definition, out Type? view))
        {
            return null;
        }

        Codec other = BuildExact(view == typeof(Array) ? arguments[0].MakeArrayType() : view.MakeGenericType(arguments));
        string name = type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)];
        return (Codec)typeof(Collections).GetMethod(name)!.MakeGenericMethod(arguments).Invoke(null, [other])!;
    }

    private Codec BuildObject(Type type)
    {
        for (Type? parent = type.BaseType; parent is not null; parent = parent.BaseType)
        {
            if (Codecs.IsFramework(parent.Assembly) && !Codecs.IsFramework(type.Assembly) && parent != typeof(object) && parent != typeof(ValueType))
            {
                throw EncodingErrors.NotEncodable(PathTo(type), $"it is derived from {TypeTag.Describe(parent)} of .NET; hold one in a field instead, or give it a codec");
            }
        }

        FieldInfo[] fields = [.. FieldsOf(type)];
        Codec[] codecs = [.. fields.Select(field => BuildInside($".{NameOf(field)}", field.FieldType))];
        return IsBlock(type, fields, codecs) ? Make(typeof(BlockCodec<>), [type]) : Make(typeof(ObjectCodec<>), [type], fields, codecs);
    }

    private Codec BuildInside(string member, Type type)
    {
        path.Add((member, type));
        Codec codec = Build(type);
        path.RemoveAt(path.Count - 1);
        return codec;
    }

    // Without padding, whose bytes are left to chance, and with nothing in it that has to be looked at when it is read.
    private static bool IsBlock(Type type, FieldInfo[] fields, Codec[] codecs) =>
        type.IsValueType && type.IsLayoutSequential && codecs.Length > 0 && Array.TrueForAll(codecs, codec => codec.IsBlock)
        && fields.Length == type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).Length
        && codecs.Sum(codec => codec.Smallest) == SizeOf(type);

    private static int SizeOf(Type type) =>
        (int)typeof(System.Runtime.CompilerServices.Unsafe).GetMethod(nameof(System.Runtime.CompilerServices.Unsafe.SizeOf))!.MakeGenericMethod(type).Invoke(null, null)!;

    private static IEnumerable<FieldInfo> FieldsOf(Type type)
    {
        IEnumerable<FieldInfo> inherited = type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType) ? FieldsOf(parent) : [];
        return inherited.Concat(type
            .GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
            .Where(field => !field.IsDefined(typeof(NonSerializedAttribute), inherit: false))
            .OrderBy(field => field.Name, StringComparer.Ordinal));
    }

    // <Name>k__BackingField belongs to a property.
    public static string NameOf(FieldInfo field) =>
        field.Name.StartsWith('<') && field.Name.IndexOf('>', StringComparison.Ordinal) is > 1 and int end ? field.Name[1..end] : field.Name;

    private static Codec Make(Type definition, Type[] arguments, params object?[] parameters) =>
        (Codec)Activator.CreateInstance(definition.MakeGenericType(arguments), parameters)!;

    // What is no data is refused here, with the way to it from the type that was asked for.
    private void CheckIsData(Type type)
    {
        if (DataTypes.ReasonAgainst(type) is { } reason)
        {
            throw EncodingErrors.NotEncodable(PathTo(type), reason);
        }
    }

    private ValuePath PathTo(Type type)
    {
        return path.Count == 0
            ? ValuePath.To(type)
            : new ValuePath(TypeTag.Describe(root!), string.Concat(path.Select(step => step.Member)), TypeTag.Describe(type));
    }
}
