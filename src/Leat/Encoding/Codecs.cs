using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Reflection;
using System.Text;

namespace Leat.Encoding;

/// <summary>The codecs of all types that were needed so far.</summary>
internal static class Codecs
{
    private static readonly ConcurrentDictionary<Type, Codec> Built = [];
    private static readonly ConcurrentDictionary<Type, Codec> BuiltForObjects = [];
    private static readonly Lock Gate = new();

    /// <summary>The codec of a static type.</summary>
    /// <exception cref="EncodingException">Values of it can't be encoded.</exception>
    public static Codec<T> For<T>() => Of<T>.Codec ??= (Codec<T>)For(typeof(T));

    /// <inheritdoc cref="For{T}"/>
    public static Codec For(Type type)
    {
        if (Built.TryGetValue(type, out Codec? codec))
        {
            return codec;
        }

        lock (Gate)
        {
            var builder = new CodecBuilder(Built);
            codec = builder.Build(type);
            builder.Publish();
            return codec;
        }
    }

    /// <summary>The codec of an object whose type is not its static one.</summary>
    public static Codec OfObject(object value, Type type)
    {
        if (BuiltForObjects.TryGetValue(type, out Codec? codec))
        {
            return codec;
        }

        try
        {
            codec = OfTag(type);
        }
        catch (EncodingException error)
        {
            throw new CulpritException(value, path => EncodingErrors.NotEncodable(path, Reason(error)));
        }

        return TypeTag.Find(TypeTag.Of(type), type) == type
            ? codec
            : throw new CulpritException(value, path => EncodingErrors.NotEncodable(path, "no other process would find its type by its name"));
    }

    /// <summary>The codec of objects of exactly a type.</summary>
    public static Codec OfTag(Type type)
    {
        if (BuiltForObjects.TryGetValue(type, out Codec? codec))
        {
            return codec;
        }

        lock (Gate)
        {
            if (type.IsAbstract || type == typeof(void))
            {
                throw EncodingErrors.NotEncodable($"A {TypeTag.Describe(type)}", "there are no objects of exactly that type");
            }

            var builder = new CodecBuilder(Built);
            codec = builder.BuildExact(type);
            builder.Publish();
            return BuiltForObjects.GetOrAdd(type, codec);
        }
    }

    /// <summary>True when objects of a type can be encoded.</summary>
    public static bool CanBe(Type type)
    {
        try
        {
            OfTag(type);
            return true;
        }
        catch (EncodingException)
        {
            return false;
        }
    }

    /// <summary>True for what comes with .NET.</summary>
    public static bool IsFramework(Assembly assembly) =>
        assembly == typeof(object).Assembly
        || assembly.GetCustomAttribute<AssemblyProductAttribute>()?.Product is "Microsoft® .NET";

    // The message of an error that was to stand alone, as a part of another.
    private static string Reason(EncodingException error)
    {
        const string verdict = "can't be encoded: ";
        string message = error.Message.TrimEnd('.');
        int at = message.IndexOf(verdict, StringComparison.Ordinal);
        return at < 0 ? message : message[(at + verdict.Length)..];
    }

    private static class Of<T>
    {
        public static Codec<T>? Codec;
    }
}

/// <summary>Builds the codec of a type and of all types in it.</summary>
/// <param name="built">Those that are there already.</param>
internal sealed class CodecBuilder(ConcurrentDictionary<Type, Codec> built)
{
    private static readonly Dictionary<Type, Codec> Simple = new()
    {
        [typeof(sbyte)] = new BlockCodec<sbyte>(),
        [typeof(byte)] = new BlockCodec<byte>(),
        [typeof(short)] = new BlockCodec<short>(),
        [typeof(ushort)] = new BlockCodec<ushort>(),
        [typeof(int)] = new BlockCodec<int>(),
        [typeof(uint)] = new BlockCodec<uint>(),
        [typeof(long)] = new BlockCodec<long>(),
        [typeof(ulong)] = new BlockCodec<ulong>(),
        [typeof(Int128)] = new BlockCodec<Int128>(),
        [typeof(UInt128)] = new BlockCodec<UInt128>(),
        [typeof(Half)] = new BlockCodec<Half>(),
        [typeof(float)] = new BlockCodec<float>(),
        [typeof(double)] = new BlockCodec<double>(),
        [typeof(char)] = new BlockCodec<char>(),
        [typeof(Guid)] = new BlockCodec<Guid>(),
        [typeof(TimeSpan)] = new BlockCodec<TimeSpan>(),
        [typeof(Complex)] = new BlockCodec<Complex>(),
        [typeof(bool)] = new BoolCodec(),
        [typeof(decimal)] = new DecimalCodec(),
        [typeof(BigInteger)] = new BigIntegerCodec(),
        [typeof(Rune)] = new RuneCodec(),
        [typeof(DateTime)] = new DateTimeCodec(),
        [typeof(DateTimeOffset)] = new DateTimeOffsetCodec(),
        [typeof(DateOnly)] = new DateOnlyCodec(),
        [typeof(TimeOnly)] = new TimeOnlyCodec(),
    };

    // Classes, whose objects may be null. Sealed, or of types of their own that are never seen.
    private static readonly Dictionary<Type, Codec> SimpleClasses = new()
    {
        [typeof(string)] = new StringCodec(),
        [typeof(Uri)] = new ViaCodec<Uri, string>(new StringCodec(), value => value.OriginalString, value => new Uri(value, UriKind.RelativeOrAbsolute)),
        [typeof(Version)] = new ViaCodec<Version, string>(new StringCodec(), value => value.ToString(), Version.Parse),
        [typeof(StringBuilder)] = new ViaCodec<StringBuilder, string>(new StringCodec(), value => value.ToString(), value => new StringBuilder(value)),
        [typeof(System.Net.IPAddress)] = new ViaCodec<System.Net.IPAddress, string>(new StringCodec(), value => value.ToString(), System.Net.IPAddress.Parse),
        [typeof(System.Globalization.CultureInfo)] = new ViaCodec<System.Globalization.CultureInfo, string>(
            new StringCodec(), value => value.Name, value => System.Globalization.CultureInfo.GetCultureInfo(value)),
    };

    // Each is encoded as the type behind it, with the same arguments, by the method of Collections that has its name.
    private static readonly Dictionary<Type, Type> Views = new()
    {
        [typeof(ImmutableArray<>)] = typeof(Array),
        [typeof(ImmutableList<>)] = typeof(Array),
        [typeof(ImmutableQueue<>)] = typeof(Array),
        [typeof(ImmutableStack<>)] = typeof(Array),
        [typeof(Stack<>)] = typeof(Array),
        [typeof(Queue<>)] = typeof(Array),
        [typeof(LinkedList<>)] = typeof(Array),
        [typeof(Memory<>)] = typeof(ReadOnlyMemory<>),
        [typeof(ArraySegment<>)] = typeof(ReadOnlyMemory<>),
        [typeof(ImmutableDictionary<,>)] = typeof(Dictionary<,>),
        [typeof(ImmutableSortedDictionary<,>)] = typeof(Dictionary<,>),
        [typeof(SortedDictionary<,>)] = typeof(Dictionary<,>),
        [typeof(ImmutableHashSet<>)] = typeof(HashSet<>),
        [typeof(ImmutableSortedSet<>)] = typeof(HashSet<>),
        [typeof(SortedSet<>)] = typeof(HashSet<>),
    };

    private static readonly ConcurrentDictionary<Assembly, Type[]> NamedCodecs = [];

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
        if (OwnCodecOf(type) is { } custom)
        {
            return Make(typeof(CustomCodec<>), [type], custom);
        }

        CheckIsData(type);

        if (Simple.TryGetValue(type, out Codec? simple) || SimpleClasses.TryGetValue(type, out simple))
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
        if (SimpleClasses.ContainsKey(type) || (type.IsAbstract && OwnCodecOf(type) is not null))
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

        if (!Views.TryGetValue(definition, out Type? view))
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

    private static OwnCodec? OwnCodecOf(Type type)
    {
        Type? codec = type.GetCustomAttributes<CodecAttribute>(inherit: false).FirstOrDefault()?.Codec
            ?? AppDomain.CurrentDomain.GetAssemblies().SelectMany(CodecsOf).FirstOrDefault(each => IsFor(each, type));
        return codec is null ? null
            : IsFor(codec, type) && codec.GetConstructor(Type.EmptyTypes) is not null ? new OwnCodec(Activator.CreateInstance(codec)!)
            : throw EncodingErrors.BadCodec(codec, type);
    }

    private static Type[] CodecsOf(Assembly assembly) =>
        NamedCodecs.GetOrAdd(assembly, static each => Codecs.IsFramework(each) ? [] : [.. each.GetCustomAttributes<CodecAttribute>().Select(attribute => attribute.Codec)]);

    private static bool IsFor(Type codec, Type type) =>
        codec.GetInterfaces().Any(each => each.IsGenericType && each.GetGenericTypeDefinition() == typeof(ICodec<>) && each.GetGenericArguments()[0] == type);

    private static Codec Make(Type definition, Type[] arguments, params object?[] parameters) =>
        (Codec)Activator.CreateInstance(definition.MakeGenericType(arguments), parameters)!;

    // What is no data is refused here, with the way to it from the type that was asked for.
    private void CheckIsData(Type type)
    {
        if (ReasonAgainst(type) is { } reason)
        {
            throw EncodingErrors.NotEncodable(PathTo(type), reason);
        }
    }

    private string PathTo(Type type)
    {
        return path.Count == 0
            ? $"A {TypeTag.Describe(type)}"
            : $"{TypeTag.Describe(root!)}{string.Concat(path.Select(step => step.Member))} ({TypeTag.Describe(type)})";
    }

    private static string? ReasonAgainst(Type type)
    {
        if (type.IsPointer || type.IsFunctionPointer || type.IsByRefLike || type == typeof(nint) || type == typeof(nuint))
        {
            return "it is a place in this process's memory";
        }

        if (typeof(Delegate).IsAssignableFrom(type))
        {
            return "it is a delegate, code and not data";
        }

        if (typeof(Stream).IsAssignableFrom(type) || typeof(TextReader).IsAssignableFrom(type) || typeof(TextWriter).IsAssignableFrom(type))
        {
            return "it is a stream, open in this process alone; pass the path of a file, or the content";
        }

        if (typeof(Task).IsAssignableFrom(type) || type == typeof(ValueTask) || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueTask<>)))
        {
            return "it is a task, at work in this process; await it first";
        }

        if (typeof(MemberInfo).IsAssignableFrom(type) || typeof(Assembly).IsAssignableFrom(type))
        {
            return "it is a part of a program; pass its name";
        }

        if (typeof(System.Collections.IEnumerator).IsAssignableFrom(type) || typeof(System.Runtime.CompilerServices.IAsyncStateMachine).IsAssignableFrom(type))
        {
            return "it is an enumeration or a method half-way; make a list of its items first";
        }

        if (type.IsDefined(typeof(System.Runtime.CompilerServices.InlineArrayAttribute), inherit: false)
            || type.IsDefined(typeof(System.Runtime.CompilerServices.UnsafeValueTypeAttribute), inherit: false)
            || (type.IsValueType && type.FullName?.StartsWith("System.Numerics.Vector`", StringComparison.Ordinal) == true)
            || type.Namespace == "System.Runtime.Intrinsics")
        {
            return "it is memory with more in it than its fields; use an array";
        }

        bool isKnown = Simple.ContainsKey(type) || SimpleClasses.ContainsKey(type) || type.IsArray || type == typeof(object) || type.IsInterface || type.IsAbstract
            || (type.IsGenericType && IsKnownDefinition(type.GetGenericTypeDefinition()));
        return !isKnown && !type.IsValueType && Codecs.IsFramework(type.Assembly)
            ? "it is an object of .NET that belongs to this process"
            : null;
    }

    private static bool IsKnownDefinition(Type definition) =>
        definition == typeof(List<>) || definition == typeof(Dictionary<,>) || definition == typeof(HashSet<>) || Views.ContainsKey(definition)
        || definition.FullName!.StartsWith("System.Tuple`", StringComparison.Ordinal);
}

/// <summary>A codec of the author's.</summary>
internal sealed record OwnCodec(object Codec);

/// <summary>A codec of the author's, as one of the library's own.</summary>
[SuppressMessage("Performance", "CA1812:Avoid uninstantiated internal classes", Justification = "Made by reflection.")]
internal sealed class CustomCodec<T>(OwnCodec source) : Codec<T>
{
    private readonly ICodec<T> codec = (ICodec<T>)source.Codec;

    public override void Write(EncodingWriter writer, T value)
    {
        int before = writer.Count;
        codec.Write(writer, value);
        if (writer.Count == before)
        {
            // Something, so that no number of elements takes no bytes.
            writer.Write((byte)0);
        }
    }

    public override T Read(EncodingReader reader)
    {
        int before = reader.Position;
        T value = codec.Read(reader);
        if (reader.Position == before)
        {
            reader.Read<byte>();
        }

        return value;
    }
}
