using System.Collections;
using System.Reflection;
using Leat.Encoding;

namespace Leat.Tests.Encoding;

/// <summary>Encodes and decodes values, and tells what came of it.</summary>
internal sealed class Checker
{
    public List<byte[]> Encoded { get; } = [];

    public void Check<T>(params T[] values)
    {
        foreach (T value in values)
        {
            byte[] bytes = BinaryEncoding.Encode(value);
            T back = BinaryEncoding.Decode<T>(bytes);
            Assert.Equal(Text.Of(value), Text.Of(back));
            Assert.Equal(value?.GetType(), back?.GetType());
            Assert.Equal(bytes, BinaryEncoding.Encode(back));
            Encoded.Add(bytes);
        }
    }
}

/// <summary>Values as text, field by field, however deep; floating-point numbers by their bits.</summary>
internal static class Text
{
    public static string Of(object? value) => value switch
    {
        null => "null",
        string text => $"\"{string.Join(' ', text.Select(c => ((int)c).ToString("x", null)))}\"",
        double number => $"{BitConverter.DoubleToInt64Bits(number):x}d",
        float number => $"{BitConverter.SingleToInt32Bits(number):x}f",
        Half number => $"{BitConverter.HalfToInt16Bits(number):x}h",
        decimal number => string.Join('.', decimal.GetBits(number)),
        DateTime time => $"{time.Ticks} {time.Kind}",
        DateTimeOffset time => $"{time.Ticks} {time.Offset}",
        IDictionary map => $"{{{string.Join(", ", map.Keys.Cast<object>().Select(key => $"{Of(key)}: {Of(map[key])}").Order(StringComparer.Ordinal))}}}",
        IEnumerable set and not Array when value.GetType().Name.Contains("Set", StringComparison.Ordinal) => $"<{string.Join(", ", set.Cast<object?>().Select(Of).Order(StringComparer.Ordinal))}>",
        Array { Rank: > 1 } grid => $"{grid.GetLength(0)}x{grid.GetLength(1)}[{string.Join(", ", grid.Cast<object?>().Select(Of))}]",
        IEnumerable list => $"[{string.Join(", ", list.Cast<object?>().Select(Of))}]",
        _ when value.GetType().IsPrimitive || value.GetType().IsEnum || value is IFormattable or Uri or Version => $"{value.GetType().Name} {value}",
        _ => $"{value.GetType().Name}({string.Join(", ", Fields(value.GetType()).Select(field => Of(field.GetValue(value))))})",
    };

    private static IEnumerable<FieldInfo> Fields(Type type) => (type.BaseType is { } parent && parent != typeof(object) ? Fields(parent) : [])
        .Concat(type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
            .Where(field => !field.IsDefined(typeof(NonSerializedAttribute), inherit: false)));
}
