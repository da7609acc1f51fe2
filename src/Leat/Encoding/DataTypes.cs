using System.Collections.Immutable;
using System.Numerics;
using System.Reflection;
using System.Text;

namespace Leat.Encoding;

/// <summary>Which types are data: those with codecs of the library's, and what speaks against others.</summary>
internal static class DataTypes
{
    /// <summary>True for what has the library's codec whatever authors say: parts of messages are such values.</summary>
    public static bool IsBasic(Type type) => type == typeof(string) || (type.IsPrimitive && Type.GetTypeCode(type) != TypeCode.Object);

    /// <summary>The codec of a struct of .NET's; null for any other type.</summary>
    /// <remarks>No table, whose start would make code for all of these types in every process.</remarks>
    public static Codec? SimpleOf(Type type) => type.IsEnum ? null : Type.GetTypeCode(type) switch
    {
        TypeCode.SByte => new BlockCodec<sbyte>(),
        TypeCode.Byte => new BlockCodec<byte>(),
        TypeCode.Int16 => new BlockCodec<short>(),
        TypeCode.UInt16 => new BlockCodec<ushort>(),
        TypeCode.Int32 => new BlockCodec<int>(),
        TypeCode.UInt32 => new BlockCodec<uint>(),
        TypeCode.Int64 => new BlockCodec<long>(),
        TypeCode.UInt64 => new BlockCodec<ulong>(),
        TypeCode.Single => new BlockCodec<float>(),
        TypeCode.Double => new BlockCodec<double>(),
        TypeCode.Char => new BlockCodec<char>(),
        TypeCode.Boolean => new BoolCodec(),
        TypeCode.Decimal => new DecimalCodec(),
        TypeCode.DateTime => new DateTimeCodec(),
        TypeCode.Object when type.IsValueType => OtherStruct(type),
        _ => null,
    };

    private static Codec? OtherStruct(Type type) =>
        type == typeof(Guid) ? new BlockCodec<Guid>()
        : type == typeof(TimeSpan) ? new BlockCodec<TimeSpan>()
        : type == typeof(DateTimeOffset) ? new DateTimeOffsetCodec()
        : type == typeof(DateOnly) ? new DateOnlyCodec()
        : type == typeof(TimeOnly) ? new TimeOnlyCodec()
        : type == typeof(Int128) ? new BlockCodec<Int128>()
        : type == typeof(UInt128) ? new BlockCodec<UInt128>()
        : type == typeof(Half) ? new BlockCodec<Half>()
        : type == typeof(Rune) ? new RuneCodec()
        : type == typeof(Complex) ? new BlockCodec<Complex>()
        : type == typeof(BigInteger) ? new BigIntegerCodec()
        : null;

    // Classes, whose objects may be null. Sealed, or of types of their own that are never seen.
    public static readonly Dictionary<Type, Codec> SimpleClasses = new()
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
    public static readonly Dictionary<Type, Type> Views = new()
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

    /// <summary>Why values of a type belong to this process alone; null if they do not.</summary>
    public static string? ReasonAgainst(Type type)
    {
        if (type.IsPointer || type.IsFunctionPointer || type.IsByRefLike || type == typeof(nint) || type == typeof(nuint))
        {
            return "it is a place in this process's memory";
        }

        if (type.GetCustomAttribute<StaysHereAttribute>(inherit: true) is { } mark)
        {
            return mark.Reason;
        }

        if (type == typeof(CancellationToken))
        {
            return "it is cancelled in this process alone; take a CancellationToken parameter in the lambda instead";
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

        bool isKnown = SimpleClasses.ContainsKey(type) || type.IsArray || type == typeof(object) || type.IsInterface || type.IsAbstract
            || (type.IsGenericType && IsKnownDefinition(type.GetGenericTypeDefinition()));
        return !isKnown && !type.IsValueType && Codecs.IsFramework(type.Assembly)
            ? "it is an object of .NET that belongs to this process"
            : null;
    }

    private static bool IsKnownDefinition(Type definition) =>
        definition == typeof(List<>) || definition == typeof(Dictionary<,>) || definition == typeof(HashSet<>) || Views.ContainsKey(definition)
        || definition.FullName!.StartsWith("System.Tuple`", StringComparison.Ordinal);
}
