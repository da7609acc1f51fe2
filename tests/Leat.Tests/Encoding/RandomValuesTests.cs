using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using System.Reflection;
using Leat.Encoding;

namespace Leat.Tests.Encoding;

/// <summary>Random values of random types come back as they were, and equal ones have equal bytes.</summary>
public sealed class RandomValuesTests
{
    private static readonly Type[] Leaves =
    [
        typeof(bool), typeof(byte), typeof(short), typeof(int), typeof(ulong), typeof(double), typeof(decimal), typeof(char), typeof(string), typeof(Guid),
        typeof(DateTime), typeof(TimeSpan), typeof(BigInteger), typeof(Grade), typeof(Packed), typeof(Padded), typeof(int?), typeof(DateOnly?),
    ];

    private static readonly Type[] Containers =
    [
        typeof(List<>), typeof(HashSet<>), typeof(ImmutableArray<>), typeof(ImmutableList<>), typeof(Queue<>), typeof(Dictionary<,>), typeof(SortedDictionary<,>),
        typeof(ImmutableDictionary<,>), typeof(ValueTuple<,>), typeof(Tuple<,>), typeof(KeyValuePair<,>),
    ];

    [Fact(Timeout = 300_000)]
    public Task They_come_back() => Task.Run(() =>
    {
        for (int seed = 0; seed < 500 * Repeat.Times(1); seed++)
        {
            var random = new Random(seed);
            Type type = RandomType(random, 3);
            for (int i = 0; i < 5; i++)
            {
                int of = random.Next();
                object? value = RandomValue(type, new Random(of), 3, shuffled: false);
                object? equal = RandomValue(type, new Random(of), 3, shuffled: true);
                CultureInfo.CurrentCulture = i % 2 == 0 ? CultureInfo.InvariantCulture : CultureInfo.GetCultureInfo("tr-TR");
                byte[] bytes = (byte[])Generic(nameof(Encode), type).Invoke(null, [value])!;
                object? back = Generic(nameof(Decode), type).Invoke(null, [bytes]);
                Assert.Equal(Text.Of(value), Text.Of(back));
                Assert.True(bytes.AsSpan().SequenceEqual((byte[])Generic(nameof(Encode), type).Invoke(null, [equal])!), $"{type}: {Text.Of(value)} and {Text.Of(equal)}");
            }
        }
    });

    private static MethodInfo Generic(string name, Type type) =>
        typeof(RandomValuesTests).GetMethod(name, BindingFlags.Static | BindingFlags.NonPublic)!.MakeGenericMethod(type);

    private static byte[] Encode<T>(T value) => BinaryEncoding.Encode(value);

    private static T Decode<T>(byte[] bytes) => BinaryEncoding.Decode<T>(bytes);

    private static Type RandomType(Random random, int depth)
    {
        if (depth == 0 || random.Next(3) == 0) return Leaves[random.Next(Leaves.Length)];
        if (random.Next(5) == 0) return RandomType(random, depth - 1).MakeArrayType();
        Type container = Containers[random.Next(Containers.Length)];
        Type[] arguments = [.. container.GetGenericArguments().Select(_ => RandomType(random, depth - 1))];

        // What is a key must have an equality of its own; texts are sorted by the culture, to which some are the same.
        if (container.GetInterfaces().Any(i => i.Name is "IDictionary`2" or "ISet`1")) arguments[0] = container != typeof(SortedDictionary<,>) && random.Next(2) == 0 ? typeof(string) : typeof(int);
        return container.MakeGenericType(arguments);
    }

    // Shuffled, what has no order is filled in another one.
    private static object? RandomValue(Type type, Random random, int depth, bool shuffled)
    {
        object? One(Type of) => RandomValue(of, random, depth - 1, shuffled);
        if (type.IsArray || (type.IsGenericType && !type.Name.StartsWith("ValueTuple", StringComparison.Ordinal) && type.GetInterface("IEnumerable") is not null))
        {
            Type[] arguments = type.IsArray ? [type.GetElementType()!] : type.GetGenericArguments();
            int count = random.Next(6);
            var items = Array.CreateInstance(arguments.Length == 1 ? arguments[0] : typeof(KeyValuePair<,>).MakeGenericType(arguments), count);
            HashSet<object> keys = [];
            for (int i = 0; i < count; i++)
            {
                object? item = arguments.Length == 1 ? One(arguments[0]) : Pair(arguments, One, keys);
                items.SetValue(item, i);
            }

            return Filled(type, arguments, items, shuffled);
        }

        if (Nullable.GetUnderlyingType(type) is { } some) return random.Next(3) == 0 ? null : One(some);
        if (type.IsGenericType)
        {
            return Activator.CreateInstance(type, [.. type.GetGenericArguments().Select(One)]);
        }

        byte[] bits = new byte[16];
        random.NextBytes(bits);
        long number = BitConverter.ToInt64(bits);
        return type.Name switch
        {
            nameof(String) => new string([.. Enumerable.Range(0, random.Next(8)).Select(_ => (char)random.Next(random.Next(2) == 0 ? 0x80 : 0x10000))]),
            nameof(Boolean) => (number & 1) == 0,
            nameof(Char) => (char)number,
            nameof(Decimal) => new decimal((int)number, (int)(number >> 32), 7, number < 0, (byte)(bits[9] % 29)),
            nameof(Guid) => new Guid(bits),
            nameof(DateTime) => new DateTime(Math.Abs(number % DateTime.MaxValue.Ticks), (DateTimeKind)(bits[9] % 3)),
            nameof(DateOnly) => DateOnly.FromDayNumber(bits[9] * 1000),
            nameof(TimeSpan) => new TimeSpan(number),
            nameof(BigInteger) => new BigInteger(bits.AsSpan(0, bits[9] % 16)),
            nameof(Grade) => (Grade)(short)number,
            nameof(Packed) => new Packed((int)number, bits[9], BitConverter.Int64BitsToDouble(number)),
            nameof(Padded) => new Padded { Small = bits[9], Large = (int)number },
            nameof(Double) => BitConverter.Int64BitsToDouble(number),
            nameof(Byte) => bits[9],
            nameof(Int16) => (short)number,
            nameof(Int32) => (int)number,
            nameof(UInt64) => (ulong)number,
            _ => throw new InvalidOperationException(type.Name),
        };
    }

    private static object Pair(Type[] arguments, Func<Type, object?> one, HashSet<object> keys)
    {
        object key = one(arguments[0])!;
        while (!keys.Add(key)) key = one(arguments[0])!;
        return Activator.CreateInstance(typeof(KeyValuePair<,>).MakeGenericType(arguments), key, one(arguments[1]))!;
    }

    private static object Filled(Type type, Type[] arguments, Array items, bool shuffled)
    {
        bool hasOrder = type.IsArray || (arguments.Length == 1 && !type.Name.StartsWith("HashSet", StringComparison.Ordinal));
        if (shuffled && !hasOrder) Array.Reverse(items);
        if (type.IsArray) return items;
        if (type.Name.StartsWith("Immutable", StringComparison.Ordinal))
        {
            Type factory = type.Assembly.GetType(type.FullName![..type.FullName!.IndexOf('`', StringComparison.Ordinal)])!;
            return factory.GetMethods().Single(method => method.Name == "CreateRange" && method.GetParameters() is [{ ParameterType.Name: "IEnumerable`1" }])
                .MakeGenericMethod(arguments).Invoke(null, [items])!;
        }

        return type.Name.StartsWith("SortedDictionary", StringComparison.Ordinal)
            ? Activator.CreateInstance(type, Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(arguments), items))!
            : Activator.CreateInstance(type, items)!;
    }
}
